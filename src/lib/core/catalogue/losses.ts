/** Every loss of a spec: which data it fits, what it asks of labels and outputs, and each framework's class. */
import type { Activation } from './activations'
import type { KerasLossName, TorchModuleName } from './classes'

/** Layout of class labels; structurally the `LabelEncoding` of core/data. */
export type Labels = 'binary' | 'index' | 'oneHot'

/** The facts of one loss. Its name in camel case is Keras' own. */
interface LossRecord {
  /** As people say it. */
  readonly label: string
  /** The class in `keras.losses`. */
  readonly keras: KerasLossName
  /** The class in `torch.nn`. */
  readonly torch: TorchModuleName
  /** How the labels of data with so many classes (0 for a regression) are laid out; null where the loss does not fit. */
  readonly labels: (classes: number) => Labels | 'numbers' | null
  /**
   * For a loss that compares probabilities: the activation that gives them, which the loss applies itself where the model
   * ends in `linear`. Null for one that takes the difference of output and label, whatever activation is last.
   */
  readonly probabilities: Extract<Activation, 'sigmoid' | 'softmax'> | null
}

/** The first that fits is the usual one. */
const records = {
  binaryCrossentropy: {
    label: 'Binary cross-entropy',
    keras: 'BinaryCrossentropy',
    torch: 'BCEWithLogitsLoss',
    labels: (classes) => (classes === 2 ? 'binary' : null),
    probabilities: 'sigmoid',
  },
  sparseCategoricalCrossentropy: {
    label: 'Sparse categorical cross-entropy',
    keras: 'SparseCategoricalCrossentropy',
    torch: 'CrossEntropyLoss',
    labels: (classes) => (classes >= 2 ? 'index' : null),
    probabilities: 'softmax',
  },
  categoricalCrossentropy: {
    label: 'Categorical cross-entropy',
    keras: 'CategoricalCrossentropy',
    torch: 'CrossEntropyLoss',
    labels: (classes) => (classes >= 2 ? 'oneHot' : null),
    probabilities: 'softmax',
  },
  meanSquaredError: {
    label: 'Mean squared error',
    keras: 'MeanSquaredError',
    torch: 'MSELoss',
    labels: (classes) => (classes === 0 ? 'numbers' : classes === 2 ? 'binary' : 'oneHot'),
    probabilities: null,
  },
  meanAbsoluteError: {
    label: 'Mean absolute error',
    keras: 'MeanAbsoluteError',
    torch: 'L1Loss',
    labels: (classes) => (classes === 0 ? 'numbers' : null),
    probabilities: null,
  },
  huber: {
    label: 'Huber',
    keras: 'Huber',
    torch: 'HuberLoss',
    labels: (classes) => (classes === 0 ? 'numbers' : null),
    probabilities: null,
  },
} as const satisfies Record<string, LossRecord>

/** The name of a loss. */
export type LossName = keyof typeof records

/** The facts by name. */
export const lossRecords: { readonly [L in LossName]: LossRecord } = records

/** All losses, in the order in which they are offered. */
export const lossNames = Object.keys(records) as readonly LossName[]
