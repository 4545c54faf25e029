/** Recurrent layers, unrolled over time. Parameters of each layer and direction: weightIhL0, weightHhL0, biasIhL0, biasHhL0. */
import { tf } from '../../eager/tfjs'
import { assertDropoutRate } from '../../nn/dropout'
import { uniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import { gruStep, lstmStep, type GruGates } from '../../nn/recurrent'
import { ShapeError } from '../../util/errors'
import { isSameShape, printShape, type Shape } from '../../util/shapes'
import { stack } from '../functions'
import { assertOneOf, assertOptions } from '../options'
import { Parameter } from '../parameter'
import { results, type Tensor } from '../tensor'
import { assertCount } from './functional/checks'
import { dropped } from './functional/layers'
import { Module } from './module'

export interface RecurrentOptions {
  /** Layers one above the other; 1 when left out. */
  readonly numLayers?: number
  readonly bias?: boolean
  /** Input and output are [batch, time, features] instead of [time, batch, features]. */
  readonly batchFirst?: boolean
  /** Share of values that is dropped between layers while training. */
  readonly dropout?: number
  /** A second direction, from the last step to the first, whose outputs stand behind those of the first. */
  readonly bidirectional?: boolean
}

const recurrentOptions = ['numLayers', 'bias', 'batchFirst', 'dropout', 'bidirectional']

/** The weights of one layer in one direction. */
interface CellWeights {
  /** [gates · hiddenSize, inputs] */
  readonly input: Parameter
  /** [gates · hiddenSize, hiddenSize] */
  readonly hidden: Parameter
  /** [gates · hiddenSize] each; null without bias. */
  readonly inputBias: Parameter | null
  readonly hiddenBias: Parameter | null
}

/** What a cell carries from step to step, [batch, hiddenSize] each; the first is its output. */
type State = readonly tf.Tensor[]

/** A projection of the input or of the state, [batch, hiddenSize] for each gate. */
type Gates = readonly tf.Tensor[]

/** The first and the last state of each layer and direction, [numLayers · directions, batch, hiddenSize]. */
type States = readonly Tensor[]

abstract class Recurrent<Output> extends Module<Output> {
  readonly numLayers: number
  readonly bias: boolean
  readonly batchFirst: boolean
  readonly dropout: number
  readonly bidirectional: boolean
  readonly #index = randomState.nextDropout()
  readonly #cells: readonly CellWeights[]

  constructor(
    private readonly className: string,
    readonly inputSize: number,
    readonly hiddenSize: number,
    private readonly gates: number,
    private readonly stateCount: number,
    options: RecurrentOptions,
  ) {
    super()
    const { numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional = false } = options
    assertCount(className, 'inputSize', inputSize)
    assertCount(className, 'hiddenSize', hiddenSize)
    assertCount(className, 'numLayers', numLayers)
    assertDropoutRate(className, dropout)
    this.numLayers = numLayers
    this.bias = bias
    this.batchFirst = batchFirst
    this.dropout = dropout
    this.bidirectional = bidirectional
    this.#cells = this.#makeCells()
  }

  /** One step of the cell. */
  protected abstract advance(fromInput: Gates, fromHidden: Gates, state: State): State

  /** Outputs of all steps, and the last states. */
  protected run(x: Tensor, initial: States | undefined): { output: Tensor; last: States } {
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
        const isDropped = this.training && layer < this.numLayers - 1
        if (isDropped) {
          sequence = dropped(sequence, this.dropout, () => randomState.nextDropoutMask(this.#index))
        }
      }
      const states = Array.from({ length: this.stateCount }, (_, state) =>
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
      const projected = withBias(tf.matMul(rows, input.value, false, true), inputBias)
      const steps = tf.unstack(tf.reshape(projected, [batch, time, this.gates * this.hiddenSize]), 1)
      let state: State = first?.map(({ value }) => value) ?? this.#zeros(batch)
      const outputs: tf.Tensor[] = []
      for (const step of isBackwards ? steps.toReversed() : steps) {
        const fromHidden = withBias(tf.matMul(state[0] as tf.Tensor, hidden.value, false, true), hiddenBias)
        state = this.advance(this.#gatesOf(step), this.#gatesOf(fromHidden), state)
        outputs.push(state[0] as tf.Tensor)
      }
      return [tf.stack(isBackwards ? outputs.toReversed() : outputs, 1), ...state]
    })
  }

  #zeros(batch: number): tf.Tensor[] {
    return Array.from({ length: this.stateCount }, () => tf.zeros([batch, this.hiddenSize]))
  }

  #gatesOf(projection: tf.Tensor): Gates {
    return this.gates === 1 ? [projection] : tf.split(projection, this.gates, -1)
  }

  /** All start uniform in ±1/√hiddenSize. */
  #makeCells(): CellWeights[] {
    const { hiddenSize, gates, numLayers, directions } = this
    const parameter = (name: string, shape: Shape): Parameter => {
      const values = uniform(shape, 1 / Math.sqrt(hiddenSize), randomState.nextInitialiser())
      const made = new Parameter(values, shape)
      Object.defineProperty(this, name, { value: made, enumerable: true })
      return made
    }
    return Array.from({ length: numLayers * directions }, (_, index) => {
      const layer = Math.floor(index / directions)
      const suffix = `L${layer}${index % directions === 1 ? 'Reverse' : ''}`
      const inputs = layer === 0 ? this.inputSize : hiddenSize * directions
      return {
        input: parameter(`weightIh${suffix}`, [gates * hiddenSize, inputs]),
        hidden: parameter(`weightHh${suffix}`, [gates * hiddenSize, hiddenSize]),
        inputBias: this.bias ? parameter(`biasIh${suffix}`, [gates * hiddenSize]) : null,
        hiddenBias: this.bias ? parameter(`biasHh${suffix}`, [gates * hiddenSize]) : null,
      }
    })
  }

  #check({ shape }: Tensor, initial: States | undefined): void {
    if (shape.length !== 3 || shape[2] !== this.inputSize) {
      const layout = this.batchFirst ? 'batch, time' : 'time, batch'
      throw new ShapeError(
        `${this.className}: expected input [${layout}, ${this.inputSize}], got ${printShape(shape)}. ` +
          'Change inputSize, or add the missing axis with .unsqueeze().',
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

function withBias(product: tf.Tensor, bias: Parameter | null): tf.Tensor {
  return bias ? tf.add(product, bias.value) : product
}

/** Both directions side by side: [batch, time, 2 · hiddenSize]. */
function joined(directions: readonly Tensor[]): Tensor {
  const [forwards, backwards] = directions as [Tensor, Tensor | undefined]
  if (!backwards) return forwards
  return stack([forwards, backwards], 2).flatten(2)
}

export interface RNNOptions extends RecurrentOptions {
  /** 'tanh' when left out. */
  readonly nonlinearity?: 'tanh' | 'relu'
}

/**
 * h' = tanh(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh). `forward(x, h0)` gives [output, hN]: the outputs of all steps and the
 * last state [numLayers · directions, batch, hiddenSize]. Source: Elman, 1990; torch.nn.RNN.
 */
export class RNN extends Recurrent<[output: Tensor, hN: Tensor]> {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    assertOptions('RNN', options, [...recurrentOptions, 'nonlinearity'])
    super('RNN', inputSize, hiddenSize, 1, 1, options)
    this.nonlinearity = options.nonlinearity ?? 'tanh'
    assertOneOf('RNN', 'nonlinearity', this.nonlinearity, ['tanh', 'relu'])
  }

  forward(x: Tensor, h0?: Tensor): [output: Tensor, hN: Tensor] {
    const { output, last } = this.run(x, h0 && [h0])
    return [output, last[0] as Tensor]
  }

  protected advance([fromInput]: Gates, [fromHidden]: Gates): State {
    const sum = tf.add(fromInput as tf.Tensor, fromHidden as tf.Tensor)
    return [this.nonlinearity === 'tanh' ? tf.tanh(sum) : tf.relu(sum)]
  }
}

/**
 * The cell of `lstmStep`, gates in the order input, forget, candidate, output. `forward(x, [h0, c0])` gives
 * [output, [hN, cN]]. Source: Hochreiter and Schmidhuber, 1997; torch.nn.LSTM.
 */
export class LSTM extends Recurrent<[output: Tensor, state: [hN: Tensor, cN: Tensor]]> {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    assertOptions('LSTM', options, recurrentOptions)
    super('LSTM', inputSize, hiddenSize, 4, 2, options)
  }

  forward(
    x: Tensor,
    state?: readonly [h0: Tensor, c0: Tensor],
  ): [output: Tensor, state: [hN: Tensor, cN: Tensor]] {
    const { output, last } = this.run(x, state)
    return [output, last as [Tensor, Tensor]]
  }

  protected advance(fromInput: Gates, fromHidden: Gates, [hidden, cell]: State): State {
    const sums = fromInput.map((gate, index) => tf.add(gate, fromHidden[index] as tf.Tensor))
    const [input, forget, candidate, output] = sums as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
    const before = { hidden: hidden as tf.Tensor, cell: cell as tf.Tensor }
    const next = lstmStep({ input, forget, candidate, output }, before)
    return [next.hidden, next.cell]
  }
}

/**
 * The cell of `gruStep`, gates in the order reset, update, candidate. `forward(x, h0)` gives [output, hN].
 * Source: Cho et al., 2014; torch.nn.GRU.
 */
export class GRU extends Recurrent<[output: Tensor, hN: Tensor]> {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    assertOptions('GRU', options, recurrentOptions)
    super('GRU', inputSize, hiddenSize, 3, 1, options)
  }

  forward(x: Tensor, h0?: Tensor): [output: Tensor, hN: Tensor] {
    const { output, last } = this.run(x, h0 && [h0])
    return [output, last[0] as Tensor]
  }

  protected advance(fromInput: Gates, fromHidden: Gates, [hidden]: State): State {
    return [gruStep(gruGates(fromInput), gruGates(fromHidden), hidden as tf.Tensor)]
  }
}

function gruGates(gates: Gates): GruGates {
  const [reset, update, candidate] = gates as [tf.Tensor, tf.Tensor, tf.Tensor]
  return { reset, update, candidate }
}
