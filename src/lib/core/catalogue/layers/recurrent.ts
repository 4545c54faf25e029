/** Layers with a state that goes from step to step of [steps, features]: `SimpleRNN`, `LSTM`, `GRU` and their modules. */
import { at } from '../../util/at'
import { SpecError } from '../../util/errors'
import { printShape } from '../../util/shapes'
import { call, formulation, unless } from '../calls'
import type { KerasLayerName, TorchModuleName } from '../classes'
import { toggle, whole, withDefault } from '../settings'
import { layerRecord, type LayerFacts, type LayerPlace } from './record'

const entries = {
  /** Size of the state. */
  units: whole('Units', 512),
  /** True for the states of all steps; that of the last one where not given. */
  returnSequences: withDefault(
    toggle('Sequences', 'The states of all steps go on, not only that of the last one'),
    false,
  ),
}

interface Recurrent {
  readonly units: number
  readonly returnSequences: boolean
}

/** What tells one recurrent layer from another. */
interface Cell {
  readonly label: string
  readonly keras: KerasLayerName
  readonly torch: TorchModuleName
  /**
   * Whether both frameworks add a bias of the input and one of the state, as the reset gate asks for. Otherwise PyTorch
   * alone does, so that the sum of its two learns twice as fast as Keras' one.
   */
  readonly hasTwoBiases: boolean
  readonly weightsPerUnit: (features: number, units: number) => number
  readonly differences: readonly string[]
}

/** What helps a recurrent layer that reads an example of so many axes. */
const fixes: Readonly<Record<number, string>> = {
  1: 'Put an embedding layer before it, or give the recurrent layer before it returnSequences: true.',
  3: 'Remove it, or choose a dataset of sequences.',
}

const start =
  'recurrent layers: start Glorot uniform, orthogonal and with zero biases in Keras, uniform in ±1/√units in PyTorch'
const oneBias =
  'recurrent layers: one bias in Keras, one of the input and one of the state in PyTorch, whose sum learns twice as fast'

function recurrent(cell: Cell): LayerFacts<Recurrent> {
  return {
    label: cell.label,
    note: null,
    fresh: { units: 8, returnSequences: false },
    detail: ({ units, returnSequences }) => `${units}${returnSequences ? ' · sequences' : ''}`,
    shape({ units, returnSequences }, place) {
      const [steps, features] = stepsOf(place)
      const parameters = units * cell.weightsPerUnit(features, units)
      return { output: returnSequences ? [steps, units] : [units], parameters }
    },
    keras({ units, returnSequences }, dialect) {
      const following = cell.hasTwoBiases ? [] : formulation(dialect)
      return [call(cell.keras, [units], [...unless('returnSequences', returnSequences, false), ...following])]
    },
    torch({ units }, input, dialect) {
      const following = cell.hasTwoBiases ? [] : formulation(dialect)
      return [call(cell.torch, [at(input, 1), units], [['batchFirst', 'true'], ...following])]
    },
    differences: [start, ...(cell.hasTwoBiases ? [] : [oneBias]), ...cell.differences],
    needsSequences: true,
    canEnd: false,
    untrainableOn: [],
  }
}

function stepsOf({ type, input, path }: LayerPlace): readonly [steps: number, features: number] {
  const [steps = 0, features = 0] = input
  if (input.length === 2) return [steps, features]
  throw new SpecError(
    path,
    `expected a sequence [steps, features] for ${type}, got ${printShape(input)}. ${fixes[input.length] ?? ''}`,
  )
}

/** The record of the plain recurrent layer. */
export const simpleRnn = layerRecord(
  'simpleRnn',
  entries,
  recurrent({
    label: 'Simple RNN',
    keras: 'SimpleRNN',
    torch: 'RNN',
    hasTwoBiases: false,
    weightsPerUnit: (features, units) => features + units + 1,
    differences: [],
  }),
)

/** The record of the LSTM. */
export const lstm = layerRecord(
  'lstm',
  entries,
  recurrent({
    label: 'LSTM',
    keras: 'LSTM',
    torch: 'LSTM',
    hasTwoBiases: false,
    weightsPerUnit: (features, units) => 4 * (features + units + 1),
    differences: ["LSTM: the forget gate's bias starts at 1 in Keras"],
  }),
)

/** The record of the GRU. */
export const gru = layerRecord(
  'gru',
  entries,
  recurrent({
    label: 'GRU',
    keras: 'GRU',
    torch: 'GRU',
    hasTwoBiases: true,
    weightsPerUnit: (features, units) => 3 * (features + units + 2),
    differences: [],
  }),
)
