/** One step of each recurrent cell in PyTorch's order of gates, and the weights of a cell. */
import { tf } from '../../eager/tfjs'
import { uniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import { gruStep, lstmStep, type GruGates } from '../../nn/recurrent'
import type { RecurrentCell } from '../../nn/weights'
import type { Shape } from '../../util/shapes'
import { Buffer, Parameter } from '../parameter'

/** What a cell carries from step to step, [batch, hiddenSize] each; the first is its output. */
export type State = readonly tf.Tensor[]

/** A projection of the input or of the state, [batch, hiddenSize] for each gate. */
export type Gates = readonly tf.Tensor[]

/** The next state, of what a cell has projected from its input and from its state. */
export type Advance = (fromInput: Gates, fromHidden: Gates, state: State) => State

/** A kind of cell: how many gates it has, how many tensors it carries along, and its step. */
export interface CellKind {
  readonly cell: RecurrentCell
  readonly gates: number
  readonly stateCount: number
  readonly advance: Advance
}

/** h' = squash(fromInput + fromHidden) */
function rnn(squash: (x: tf.Tensor) => tf.Tensor): CellKind {
  const advance: Advance = ([fromInput], [fromHidden]) => [
    squash(tf.add(fromInput as tf.Tensor, fromHidden as tf.Tensor)),
  ]
  return { cell: 'simpleRnn', gates: 1, stateCount: 1, advance }
}

/** The simple cell with each of its nonlinearities. */
export const rnnKinds = { tanh: rnn((x) => tf.tanh(x)), relu: rnn((x) => tf.relu(x)) } as const

/** Gates in the order input, forget, candidate, output. */
export const lstmKind: CellKind = {
  cell: 'lstm',
  gates: 4,
  stateCount: 2,
  advance(fromInput, fromHidden, [hidden, cell]) {
    const sums = fromInput.map((gate, index) => tf.add(gate, fromHidden[index] as tf.Tensor))
    const [input, forget, candidate, output] = sums as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
    const before = { hidden: hidden as tf.Tensor, cell: cell as tf.Tensor }
    const next = lstmStep({ input, forget, candidate, output }, before)
    return [next.hidden, next.cell]
  },
}

/** Gates in the order reset, update, candidate. */
export const gruKind: CellKind = {
  cell: 'gru',
  gates: 3,
  stateCount: 1,
  advance: (fromInput, fromHidden, [hidden]) => [
    gruStep(gruGates(fromInput), gruGates(fromHidden), hidden as tf.Tensor),
  ],
}

function gruGates(gates: Gates): GruGates {
  const [reset, update, candidate] = gates as [tf.Tensor, tf.Tensor, tf.Tensor]
  return { reset, update, candidate }
}

/** The weights of one cell. */
export interface CellWeights {
  /** [gates · hiddenSize, inputs] */
  readonly input: Parameter
  /** [gates · hiddenSize, hiddenSize] */
  readonly hidden: Parameter
  /** [gates · hiddenSize] each; null without bias. */
  readonly inputBias: Parameter | null
  readonly hiddenBias: Parameter | Buffer | null
}

/** How a cell's weights are made. */
export interface CellOptions {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly bias: boolean
  /** The bias of the state stays as it is, zeros at first: Keras has one bias. */
  readonly hasOneBias?: boolean
}

/** The weights of a cell, uniform in ±1/√hiddenSize; `name` sets each as a field. */
export function cellWeights(
  { cell, gates }: CellKind,
  { inputSize, hiddenSize, bias, hasOneBias = false }: CellOptions,
  name: (part: 'weightIh' | 'weightHh' | 'biasIh' | 'biasHh', made: Parameter | Buffer) => void,
): CellWeights {
  const draw = (shape: Shape) => uniform(shape, 1 / Math.sqrt(hiddenSize), randomState.nextInitialiser())
  const named = <T extends Parameter | Buffer>(part: Parameters<typeof name>[0], made: T): T => {
    name(part, made)
    return made
  }
  const kernel = (inputs: number) => {
    const shape = [gates * hiddenSize, inputs]
    return new Parameter(draw(shape), shape, { recurrent: { cell, part: 'kernel' } })
  }
  const shape = [gates * hiddenSize]
  const recurrent = { cell, part: 'bias' } as const
  const learned = () => new Parameter(draw(shape), shape, { recurrent })
  const kept = () => new Buffer(new Float32Array(gates * hiddenSize), shape, { recurrent })
  return {
    input: named('weightIh', kernel(inputSize)),
    hidden: named('weightHh', kernel(hiddenSize)),
    inputBias: bias ? named('biasIh', learned()) : null,
    hiddenBias: bias ? named('biasHh', hasOneBias ? kept() : learned()) : null,
  }
}

/** x Wᵀ + b for x [n, inputs]. */
export function project(x: tf.Tensor, weight: Parameter, bias: Parameter | Buffer | null): tf.Tensor {
  const product = tf.matMul(x, weight.value, false, true)
  return bias ? tf.add(product, bias.value) : product
}

/** [n, gates · hiddenSize] as [n, hiddenSize] for each gate. */
export function gatesOf({ gates }: CellKind, projection: tf.Tensor): Gates {
  return gates === 1 ? [projection] : tf.split(projection, gates, -1)
}
