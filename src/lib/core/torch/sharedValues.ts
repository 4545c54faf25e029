/** Values that several tensors refer to, as after `detach()`: what changes them in place through one reaches all. */
import { bringBackParked, overwrite } from '../eager/parking'
import { shareData } from '../eager/shareData'
import { withoutRecording } from '../eager/tape'
import { activeTrace, outsideTrace } from '../eager/tracing'
import { newestNow } from '../eager/variableSource'
import { tf } from '../eager/tfjs'
import { forgetHostValues } from '../eager/hostValues'

/** The values, and who refers to them. */
export class SharedValues {
  #holder: tf.Tensor
  /** Of each tensor that refers to the values the data that it took over last. */
  readonly #taken = new WeakMap<tf.Tensor, object>()

  /** The values of `source`. A graph knows it by itself, so where there is one another tensor holds them. */
  constructor(source: tf.Tensor, isInGraph: boolean) {
    this.#holder = isInGraph ? inScope(shareData(source)) : source
    this.#taken.set(source, this.#holder.dataId)
  }

  /** The tensor that holds the values: a variable, or one that no graph knows. */
  get holder(): tf.Tensor {
    return this.#holder
  }

  /** One more tensor on the values, of the scope in use: gradients tell it from the others. */
  share(): tf.Tensor {
    const shared = inScope(shareData(this.#newest()))
    this.#taken.set(shared, this.#holder.dataId)
    return shared
  }

  /** Gives a tensor that refers to the values those that are newest. */
  update(tensor: tf.Tensor): void {
    if (tensor === this.#holder) return
    newestNow(this.#holder)
    if (this.#taken.get(tensor) === this.#holder.dataId) return
    overwrite(tensor, this.#newest())
    this.#taken.set(tensor, this.#holder.dataId)
  }

  /** The values as a state of the function that is traced: they may change between its calls. */
  traced(): tf.Tensor {
    const variable = this.toVariable()
    return withoutRecording(() => tf.clone(variable))
  }

  /** The variable that holds the values from now on. */
  toVariable(): tf.Variable {
    const { holder } = this
    if (holder instanceof tf.Variable) return holder as tf.Variable
    const variable: tf.Variable = outsideTrace(() => tf.variable(this.#newest()))
    activeTrace()?.becomes(holder, variable)
    this.#holder = variable
    return variable
  }

  #newest(): tf.Tensor {
    newestNow(this.#holder)
    if (this.#holder.isDisposed) bringBackParked(this.#holder)
    return this.#holder
  }
}

/** Changes the values of a tensor in place. */
export function assignValues(target: tf.Tensor, values: tf.Tensor): void {
  if (target instanceof tf.Variable) target.assign(values)
  else overwrite(target, values)
  forgetHostValues(target)
}

function inScope(shared: tf.Tensor): tf.Tensor {
  shared.kept = false
  return shared
}
