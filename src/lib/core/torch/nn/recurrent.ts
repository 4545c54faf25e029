/** Recurrent layers, unrolled over time. Parameters of each layer and direction: weightIhL0, weightHhL0, biasIhL0, biasHhL0. */
import { tf } from '../../eager/tfjs'
import { assertDropoutRate } from '../../nn/dropout'
import { randomState } from '../../nn/randomState'
import { timeSteps } from '../../nn/recurrent'
import { flag, number, oneOf, only } from '../../util/kinds'
import { ShapeError } from '../../util/errors'
import { parameters, type Given, type Values } from '../../util/parameters'
import { isSameShape, printShape } from '../../util/shapes'
import { stack } from '../functions'
import { results, type Tensor } from '../tensor'
import { dropped } from './functional/layers'
import { tensor } from '../kinds'
import { count, formulation, placement, statePair } from './kinds'
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
  type State,
} from './recurrentSteps'

const sized = {
  /** Size of the last axis of the input. */
  inputSize: count,
  /** Size of the state. */
  hiddenSize: count,
  /** Layers one above the other. */
  numLayers: count.or(1),
}

const further = {
  /** Whether biases are added. */
  bias: flag.or(true),
  /** Input and output are [batch, time, features] instead of [time, batch, features]. */
  batchFirst: flag.or(false),
  /** Share of values that is dropped between layers while training. */
  dropout: number.or(0),
  /** A second direction, from the last step to the first, whose outputs stand behind those of the first. */
  bidirectional: flag.or(false),
}

/** 'keras' learns the bias of the input alone, as Keras has but one; that of the state stays as it is. Not in PyTorch. */
const oneBias = { formulation }

type Options = Values<typeof sized & typeof further> & Partial<Values<typeof oneBias>>

/** The first and the last state of each layer and direction, [numLayers · directions, batch, hiddenSize]. */
type States = readonly Tensor[]

abstract class Recurrent<Output> extends Module<Output> {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly numLayers: number
  readonly bias: boolean
  readonly batchFirst: boolean
  readonly dropout: number
  readonly bidirectional: boolean
  /** Names its masks; a module that drops nothing leaves the numbers of others as they are. */
  readonly #index: number
  readonly #cells: readonly CellWeights[]

  protected constructor(
    private readonly className: string,
    private readonly kind: CellKind,
    options: Options,
  ) {
    super()
    const { dropout } = options
    assertDropoutRate(className, dropout)
    this.inputSize = options.inputSize
    this.hiddenSize = options.hiddenSize
    this.numLayers = options.numLayers
    this.bias = options.bias
    this.batchFirst = options.batchFirst
    this.dropout = dropout
    this.#index = dropout > 0 ? randomState.nextDropout() : -1
    this.bidirectional = options.bidirectional
    this.#cells = this.#makeCells(options.formulation === 'keras')
  }

  /** Outputs of all steps, and the last states; without the axis of the batch where the input has none. */
  protected run(x: Tensor, initial: States | null): { output: Tensor; last: States } {
    if (x.ndim === 2 && x.shape[1] === this.inputSize) {
      const axis = this.batchFirst ? 0 : 1
      const first = initial?.map((state) => state.unsqueeze(1)) ?? null
      const { output, last } = this.run(x.unsqueeze(axis), first)
      return { output: output.squeeze(axis), last: last.map((state) => state.squeeze(1)) }
    }
    this.#check(x, initial)
    return this.inLayer(this.className, () => {
      let sequence = this.batchFirst ? x : x.transpose(0, 1)
      const last: Tensor[][] = []
      for (let layer = 0; layer < this.numLayers; layer++) {
        const directions = Array.from({ length: this.directions }, (_, direction) => {
          const index = layer * this.directions + direction
          const first = initial?.map((states) => states.select(0, index))
          return this.#runCell(index, sequence, first, direction === 1)
        })
        last.push(...directions.map(([, ...states]) => states))
        sequence = joined(directions.flatMap(([output]) => output ?? []))
        const isDropped = this.dropout > 0 && this.training && layer < this.numLayers - 1
        if (isDropped) {
          sequence = dropped(sequence, this.dropout, () => randomState.nextDropoutMask(this.#index))
        }
      }
      const states = Array.from({ length: this.kind.stateCount }, (_, state) =>
        stack(last.flatMap((ofCell) => ofCell[state] ?? [])),
      )
      return { output: this.batchFirst ? sequence : sequence.transpose(0, 1), last: states }
    })
  }

  get directions(): number {
    return this.bidirectional ? 2 : 1
  }

  /** The outputs [batch, time, hiddenSize] and the last state of one cell on a sequence [batch, time, inputs]. */
  #runCell(index: number, x: Tensor, first: readonly Tensor[] | undefined, isBackwards: boolean): Tensor[] {
    const weights = this.#cells[index] as CellWeights
    const { input, hidden, inputBias, hiddenBias } = weights
    const inputs = [x, ...(first ?? []), input, hidden, inputBias, hiddenBias].filter((each) => each !== null)
    return results(inputs, () => {
      const [batch = 0, time = 0, features = 0] = x.shape
      const rows = tf.reshape(x.value, [batch * time, features])
      // All steps in one product: only the state has to wait for the step before.
      const projected = project(rows, input, inputBias)
      const steps = timeSteps(tf.reshape(projected, [batch, time, this.kind.gates * this.hiddenSize]))
      let state: State = first?.map(({ value }) => value) ?? this.#zeros(batch)
      const outputs: tf.Tensor[] = []
      for (const step of isBackwards ? steps.toReversed() : steps) {
        const fromHidden = project(state[0] as tf.Tensor, hidden, hiddenBias)
        state = this.kind.advance(gatesOf(this.kind, step), gatesOf(this.kind, fromHidden), state)
        outputs.push(state[0] as tf.Tensor)
      }
      return [tf.stack(isBackwards ? outputs.toReversed() : outputs, 1), ...state]
    })
  }

  #zeros(batch: number): tf.Tensor[] {
    return Array.from({ length: this.kind.stateCount }, () => tf.zeros([batch, this.hiddenSize]))
  }

  #makeCells(hasOneBias: boolean): CellWeights[] {
    const { hiddenSize, numLayers, directions, bias } = this
    return Array.from({ length: numLayers * directions }, (_, index) => {
      const layer = Math.floor(index / directions)
      const suffix = `L${layer}${index % directions === 1 ? 'Reverse' : ''}`
      const inputSize = layer === 0 ? this.inputSize : hiddenSize * directions
      return cellWeights(this.kind, { inputSize, hiddenSize, bias, hasOneBias }, (part, made) => {
        Object.defineProperty(this, part + suffix, { value: made, enumerable: true })
      })
    })
  }

  #check({ shape }: Tensor, initial: States | null): void {
    if (shape.length !== 3 || shape[2] !== this.inputSize) {
      const layout = this.batchFirst ? 'batch, time' : 'time, batch'
      throw new ShapeError(
        `${this.className}: expected input [${layout}, ${this.inputSize}] or [time, ${this.inputSize}], got ${printShape(shape)}. ` +
          'Change inputSize, or the data.',
      )
    }
    const batch = shape[this.batchFirst ? 0 : 1] ?? 0
    const expected = [this.numLayers * this.directions, batch, this.hiddenSize]
    for (const state of initial ?? []) {
      if (isSameShape(state.shape, expected)) continue
      throw new ShapeError(
        `${this.className}: expected a first state ${printShape(expected)}, got ${printShape(state.shape)}. ` +
          'Leave it out to start from zeros.',
      )
    }
  }
}

/** Both directions side by side: [batch, time, 2 · hiddenSize]. */
function joined(directions: readonly Tensor[]): Tensor {
  const [forwards, backwards] = directions as [Tensor, Tensor | undefined]
  if (!backwards) return forwards
  return stack([forwards, backwards], 2).flatten(2)
}

/** What `forward` of a layer with one state takes. */
const oneState = {
  input: tensor,
  /** The first state, [numLayers · directions, batch, hiddenSize]; zeros when left out. */
  hx: tensor.or(null),
}

type OneState = Given<typeof oneState>

const rnnParameters = parameters('RNN', {
  ...sized,
  /** What squashes the new state. */
  nonlinearity: oneOf('tanh', 'relu').or('tanh'),
  ...further,
  ...placement,
  ...oneBias,
})
const rnnForward = parameters('RNN.forward', oneState)

/**
 * h' = tanh(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh). `forward(x, h0)` gives [output, hN]: the outputs of all steps and the
 * last state [numLayers · directions, batch, hiddenSize]. Source: Elman, 1990; torch.nn.RNN.
 */
export class RNN extends Recurrent<[output: Tensor, hN: Tensor]> {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(...given: Given<typeof rnnParameters.table>) {
    const options = rnnParameters.read(given)
    super('RNN', rnnKinds[options.nonlinearity], options)
    this.nonlinearity = options.nonlinearity
  }

  forward(...given: OneState): [output: Tensor, hN: Tensor] {
    const { input, hx } = rnnForward.read(given)
    const { output, last } = this.run(input, hx && [hx])
    return [output, last[0] as Tensor]
  }
}

const lstmParameters = parameters('LSTM', {
  ...sized,
  ...further,
  projSize: only(0, 'Leave it out: the outputs are the states here. Put a Linear layer behind it.'),
  ...placement,
  ...oneBias,
})
const lstmForward = parameters('LSTM.forward', {
  input: tensor,
  /** The first states [h0, c0], [numLayers · directions, batch, hiddenSize] each; zeros when left out. */
  hx: statePair('[h0, c0]').or(null),
})

/**
 * The cell of `lstmStep`, gates in the order input, forget, candidate, output. `forward(x, [h0, c0])` gives
 * [output, [hN, cN]]. Source: Hochreiter and Schmidhuber, 1997; torch.nn.LSTM.
 */
export class LSTM extends Recurrent<[output: Tensor, state: [hN: Tensor, cN: Tensor]]> {
  constructor(...given: Given<typeof lstmParameters.table>) {
    super('LSTM', lstmKind, lstmParameters.read(given))
  }

  forward(...given: Given<typeof lstmForward.table>): [output: Tensor, state: [hN: Tensor, cN: Tensor]] {
    const { input, hx } = lstmForward.read(given)
    const { output, last } = this.run(input, hx)
    return [output, last as [Tensor, Tensor]]
  }
}

const gruParameters = parameters('GRU', { ...sized, ...further, ...placement })
const gruForward = parameters('GRU.forward', oneState)

/**
 * The cell of `gruStep`, gates in the order reset, update, candidate. `forward(x, h0)` gives [output, hN].
 * Source: Cho et al., 2014; torch.nn.GRU.
 */
export class GRU extends Recurrent<[output: Tensor, hN: Tensor]> {
  constructor(...given: Given<typeof gruParameters.table>) {
    super('GRU', gruKind, gruParameters.read(given))
  }

  forward(...given: OneState): [output: Tensor, hN: Tensor] {
    const { input, hx } = gruForward.read(given)
    const { output, last } = this.run(input, hx && [hx])
    return [output, last[0] as Tensor]
  }
}
