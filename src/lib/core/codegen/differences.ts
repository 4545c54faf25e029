/** What the two frameworks do differently by default: why native lanes of different styles part. */
import type { LayerType, OptimizerType, Spec } from '../spec/schema'

const initialWeights = 'initial weights: Glorot uniform with zero biases in Keras, Kaiming uniform in PyTorch'

/** In place of what a spec leaves to the frameworks. */
const ofOptimizers: { readonly [T in OptimizerType]: readonly string[] } = {
  sgd: [],
  adam: ['Adam: epsilon 1e-7 outside the bias correction in Keras, 1e-8 inside it in PyTorch'],
  adamw: ['AdamW: epsilon 1e-7 outside the bias correction in Keras, 1e-8 inside it in PyTorch'],
  rmsprop: ['RMSprop: epsilon 1e-7 inside the root in Keras, 1e-8 outside it in PyTorch'],
  adagrad: [
    'Adagrad: epsilon 1e-7 inside the root in Keras, 1e-10 outside it in PyTorch',
    'Adagrad: the sum of squares starts from 0.1 in Keras, from 0 in PyTorch',
  ],
}

const recurrentStart =
  'recurrent layers: start Glorot uniform, orthogonal and with zero biases in Keras, uniform in ±1/√units in PyTorch'
const ofRecurrent = [
  recurrentStart,
  'recurrent layers: one bias in Keras, one of the input and one of the state in PyTorch, whose sum learns twice as fast',
]

const ofLayers: { readonly [T in LayerType]?: readonly string[] } = {
  batchNormalization: [
    'batch normalisation: epsilon 1e-3 in Keras, 1e-5 in PyTorch',
    'batch normalisation: keeps 0.99 of its averages in Keras, 0.9 in PyTorch, which tracks the unbiased variance',
  ],
  embedding: ['embedding: starts uniform in ±0.05 in Keras, standard normal in PyTorch'],
  simpleRnn: ofRecurrent,
  lstm: [...ofRecurrent, "LSTM: the forget gate's bias starts at 1 in Keras"],
  gru: [recurrentStart],
  layerNormalization: ['layer normalisation: epsilon 1e-3 in Keras, 1e-5 in PyTorch'],
}

/** One sentence for each difference that concerns this spec. */
export function frameworkDifferences({
  model,
  optimizer,
}: Pick<Spec, 'model' | 'optimizer'>): readonly string[] {
  const types = new Set(model.layers.map(({ type }) => type))
  const hasLeakyRelu = model.layers.some((layer) => 'activation' in layer && layer.activation === 'leakyRelu')
  const hasMovingVelocity =
    optimizer.type === 'sgd' && optimizer.momentum > 0 && optimizer.schedule !== undefined
  const hasCoupledDecay = optimizer.weightDecay > 0 && optimizer.type !== 'adamw'
  return [
    initialWeights,
    ...ofOptimizers[optimizer.type],
    ...(hasCoupledDecay
      ? ['weight decay: applied to the weights in Keras, added to the gradients in PyTorch']
      : []),
    ...(hasMovingVelocity
      ? [
          'schedule: the velocity keeps the learning rates of its steps in Keras, and is multiplied by the latest in PyTorch',
        ]
      : []),
    ...(hasLeakyRelu ? ['leaky ReLU: negative slope 0.2 in Keras, 0.01 in PyTorch'] : []),
    ...new Set([...types].flatMap((type) => ofLayers[type] ?? [])),
  ]
}
