/** Recurrent cells: one step, for a loop over time that the program writes itself. Parameters: weightIh, weightHh, biasIh, biasHh. */
import { tf } from '../../eager/tfjs'
import { flag, oneOf } from '../../util/kinds'
import { ShapeError } from '../../util/errors'
import { parameters, type Given, type Values } from '../../util/parameters'
import { isSameShape, printShape } from '../../util/shapes'
import { results, type Tensor } from '../tensor'
import { tensor } from '../kinds'
import { count, placement, statePair } from './kinds'
import { Module } from './module'
import {
  cellWeights,
  gatesOf,
  gruKind,
  lstmKind,
  project,
  rnnKinds,
  type CellKind,
  type CellWeights,
} from './recurrentSteps'

const sized = {
  /** Size of the last axis of the input. */
  inputSize: count,
  /** Size of the state. */
  hiddenSize: count,
  /** Whether biases are added. */
  bias: flag.or(true),
}

abstract class Cell<Output> extends Module<Output> {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly bias: boolean
  readonly #weights: CellWeights

  protected constructor(
    private readonly className: string,
    private readonly kind: CellKind,
    { inputSize, hiddenSize, bias }: Values<typeof sized>,
  ) {
    super()
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.bias = bias
    this.#weights = cellWeights(kind, { inputSize, hiddenSize, bias }, (part, made) => {
      Object.defineProperty(this, part, { value: made, enumerable: true })
    })
  }

  /** The next state, from x [batch, inputSize] or [inputSize]; zeros where no state is given. */
  protected run(x: Tensor, state: readonly Tensor[] | null): Tensor[] {
    this.#check(x, state)
    const { input, hidden, inputBias, hiddenBias } = this.#weights
    const inputs = [x, ...(state ?? []), input, hidden, inputBias, hiddenBias].filter((each) => each !== null)
    const outputShape = [...x.shape.slice(0, -1), this.hiddenSize]
    return this.inLayer(this.className, () =>
      results(inputs, () => {
        const rows = tf.reshape(x.value, [-1, this.inputSize])
        const before = state
          ? state.map(({ value }) => tf.reshape(value, [-1, this.hiddenSize]))
          : Array.from({ length: this.kind.stateCount }, () =>
              tf.zeros([rows.size / this.inputSize, this.hiddenSize]),
            )
        const fromInput = gatesOf(this.kind, project(rows, input, inputBias))
        const fromHidden = gatesOf(this.kind, project(before[0] as tf.Tensor, hidden, hiddenBias))
        const next = this.kind.advance(fromInput, fromHidden, before)
        return next.map((tensor) => tf.reshape(tensor, outputShape))
      }),
    )
  }

  #check({ shape }: Tensor, state: readonly Tensor[] | null): void {
    if (shape.length < 1 || shape.length > 2 || shape.at(-1) !== this.inputSize) {
      throw new ShapeError(
        `${this.className}: expected input [batch, ${this.inputSize}] or [${this.inputSize}], got ${printShape(shape)}. ` +
          'Give it one step of a sequence, such as x.select(1, t).',
      )
    }
    const expected = [...shape.slice(0, -1), this.hiddenSize]
    const wrong = state?.find((tensor) => !isSameShape(tensor.shape, expected))
    if (!wrong) return
    throw new ShapeError(
      `${this.className}: expected a state ${printShape(expected)}, got ${printShape(wrong.shape)}. ` +
        'Leave it out to start from zeros.',
    )
  }
}

/** What `forward` of a cell with one state takes. */
const oneState = {
  input: tensor,
  /** The state before, [batch, hiddenSize]; zeros when left out. */
  hx: tensor.or(null),
}

const rnnCellParameters = parameters('RNNCell', {
  ...sized,
  /** What squashes the new state. */
  nonlinearity: oneOf('tanh', 'relu').or('tanh'),
  ...placement,
})
const rnnCellForward = parameters('RNNCell.forward', oneState)

/** h' = tanh(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh). `forward(x, h)` gives h'. Source: torch.nn.RNNCell. */
export class RNNCell extends Cell<Tensor> {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(...given: Given<typeof rnnCellParameters.table>) {
    const options = rnnCellParameters.read(given)
    super('RNNCell', rnnKinds[options.nonlinearity], options)
    this.nonlinearity = options.nonlinearity
  }

  forward(...given: Given<typeof oneState>): Tensor {
    const { input, hx } = rnnCellForward.read(given)
    return this.run(input, hx && [hx])[0] as Tensor
  }
}

const lstmCellParameters = parameters('LSTMCell', { ...sized, ...placement })
const lstmCellForward = parameters('LSTMCell.forward', {
  input: tensor,
  /** The states before, [h, c], [batch, hiddenSize] each; zeros when left out. */
  hx: statePair('[h, c]').or(null),
})

/** One step of an LSTM. `forward(x, [h, c])` gives [h', c']. Source: torch.nn.LSTMCell. */
export class LSTMCell extends Cell<[hidden: Tensor, cell: Tensor]> {
  constructor(...given: Given<typeof lstmCellParameters.table>) {
    super('LSTMCell', lstmKind, lstmCellParameters.read(given))
  }

  forward(...given: Given<typeof lstmCellForward.table>): [hidden: Tensor, cell: Tensor] {
    const { input, hx } = lstmCellForward.read(given)
    return this.run(input, hx) as [Tensor, Tensor]
  }
}

const gruCellParameters = parameters('GRUCell', { ...sized, ...placement })
const gruCellForward = parameters('GRUCell.forward', oneState)

/** One step of a GRU. `forward(x, h)` gives h'. Source: torch.nn.GRUCell. */
export class GRUCell extends Cell<Tensor> {
  constructor(...given: Given<typeof gruCellParameters.table>) {
    super('GRUCell', gruKind, gruCellParameters.read(given))
  }

  forward(...given: Given<typeof oneState>): Tensor {
    const { input, hx } = gruCellForward.read(given)
    return this.run(input, hx && [hx])[0] as Tensor
  }
}
