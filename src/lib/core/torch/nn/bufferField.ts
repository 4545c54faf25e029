/** The field of a module that holds a buffer: `this.average = this.average.mul(0.9)` gives the buffer other values. */
import { tf } from '../../eager/tfjs'
import { describeValue } from '../../util/describeValue'
import { ArgumentError, AutogradError } from '../../util/errors'
import { isSameShape } from '../../util/shapes'
import { Buffer } from '../parameter'
import { Tensor } from '../tensor'

/** Makes `buffer` the field `name` of a module. */
export function defineBuffer(module: object, name: string, buffer: Buffer | null): void {
  let current = buffer
  Object.defineProperty(module, name, {
    enumerable: true,
    configurable: true,
    get: () => current,
    set: (values: unknown) => {
      current = assignedBuffer(`${module.constructor.name}.${name}`, current, values)
    },
  })
}

/** Values that a variable of `buffer`'s may hold. */
function fits(buffer: Buffer, { shape, dtype }: Tensor): boolean {
  return dtype === buffer.dtype && isSameShape(shape, buffer.shape)
}

/**
 * The buffer that takes the place of `buffer` where a program assigns `values` to its field: it has the same variable, so
 * that a compiled step has the same state, and whoever holds `buffer` keeps what that was. Throws ArgumentError, and
 * AutogradError for what was computed from parameters.
 */
function assignedBuffer(name: string, buffer: Buffer | null, values: unknown): Buffer | null {
  if (values === null || values === undefined || values instanceof Buffer) return values ?? null
  if (!(values instanceof Tensor)) {
    throw new ArgumentError(
      `${name}: expected a tensor, as it is a buffer, got ${describeValue(values, 60)}. Write torch.tensor(…).`,
    )
  }
  if (values.requiresGrad) {
    throw new AutogradError(
      `${name}: expected values without a graph, as it is a buffer, got some that were computed from parameters. ` +
        'Write .detach() behind them.',
    )
  }
  if (!buffer || !fits(buffer, values)) return new Buffer(values, { persistent: buffer?.persistent ?? true })
  const { variable, shape, persistent } = buffer
  const next = tf.tidy(() => tf.clone(values.value))
  buffer.letVariableGo()
  variable.assign(next)
  next.dispose()
  return new Buffer(variable, shape, {}, persistent)
}
