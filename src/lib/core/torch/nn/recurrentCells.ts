/** Recurrent cells: one step, for a loop over time that the program writes itself. Parameters: weightIh, weightHh, biasIh, biasHh. */
import { tf } from '../../eager/tfjs'
import { ShapeError } from '../../util/errors'
import { isSameShape, printShape } from '../../util/shapes'
import { argumentsOf, assertOneOf, type Arguments } from '../options'
import { results, type Tensor } from '../tensor'
import { assertCount } from './functional/checks'
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

export interface CellOptions {
  readonly inputSize?: number
  readonly hiddenSize?: number
  readonly bias?: boolean
}

export interface RNNCellOptions extends CellOptions {
  /** 'tanh' when left out. */
  readonly nonlinearity?: 'tanh' | 'relu'
}

const cellOptions = ['inputSize', 'hiddenSize', 'bias'] as const

abstract class Cell<Output> extends Module<Output> {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly bias: boolean
  readonly #weights: CellWeights

  protected constructor(
    private readonly className: string,
    private readonly kind: CellKind,
    { inputSize = NaN, hiddenSize = NaN, bias = true }: CellOptions,
  ) {
    super()
    assertCount(className, 'inputSize', inputSize)
    assertCount(className, 'hiddenSize', hiddenSize)
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.bias = bias
    this.#weights = cellWeights(kind, { inputSize, hiddenSize, bias }, (part, made) => {
      Object.defineProperty(this, part, { value: made, enumerable: true })
    })
  }

  /** The next state, from x [batch, inputSize] or [inputSize]; zeros where no state is given. */
  protected step(x: Tensor, state: readonly Tensor[] | undefined): Tensor[] {
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

  #check({ shape }: Tensor, state: readonly Tensor[] | undefined): void {
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

/** h' = tanh(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh). `forward(x, h)` gives h'. Source: torch.nn.RNNCell. */
export class RNNCell extends Cell<Tensor> {
  readonly nonlinearity: 'tanh' | 'relu'

  /** Takes its arguments by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<RNNCellOptions>) {
    const options = argumentsOf('RNNCell', given, [...cellOptions, 'nonlinearity'])
    const { nonlinearity = 'tanh' } = options
    assertOneOf('RNNCell', 'nonlinearity', nonlinearity, ['tanh', 'relu'])
    super('RNNCell', rnnKinds[nonlinearity], options)
    this.nonlinearity = nonlinearity
  }

  forward(x: Tensor, hidden?: Tensor): Tensor {
    return this.step(x, hidden && [hidden])[0] as Tensor
  }
}

/** One step of an LSTM. `forward(x, [h, c])` gives [h', c']. Source: torch.nn.LSTMCell. */
export class LSTMCell extends Cell<[hidden: Tensor, cell: Tensor]> {
  /** Takes its arguments by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<CellOptions>) {
    super('LSTMCell', lstmKind, argumentsOf('LSTMCell', given, cellOptions))
  }

  forward(x: Tensor, state?: readonly [hidden: Tensor, cell: Tensor]): [hidden: Tensor, cell: Tensor] {
    return this.step(x, state) as [Tensor, Tensor]
  }
}

/** One step of a GRU. `forward(x, h)` gives h'. Source: torch.nn.GRUCell. */
export class GRUCell extends Cell<Tensor> {
  /** Takes its arguments by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<CellOptions>) {
    super('GRUCell', gruKind, argumentsOf('GRUCell', given, cellOptions))
  }

  forward(x: Tensor, hidden?: Tensor): Tensor {
    return this.step(x, hidden && [hidden])[0] as Tensor
  }
}
