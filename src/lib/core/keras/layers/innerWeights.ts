/** The weights of layers in a layer or a model. */
import type { Layer, LayerWeight } from './layer'

/** A weight that says itself what its layer says of it. */
export interface InnerWeight extends LayerWeight {
  readonly isTrainable: boolean
}

/** The weights, trained only if their owner is. */
export function withTraining(weights: readonly InnerWeight[], isTrained: boolean): readonly InnerWeight[] {
  return isTrained ? weights : weights.map((weight) => ({ ...weight, isTrainable: false }))
}

/**
 * The weights of all layers, named by their layers: `dense/kernel`. A layer that is used twice gives its weights once. What a
 * layer says of training is of its own weights: those of layers in it follow these, as in Keras.
 */
export function innerWeights(layers: readonly Layer[]): InnerWeight[] {
  const all = layers.flatMap((layer) =>
    layer.weights.map(({ isTrainable = true, runsAlongInput = false, isInner = false, ...weight }) => ({
      ...weight,
      name: `${layer.name}/${weight.name}`,
      flattenedFrom: runsAlongInput ? layer.flattenedFrom : weight.flattenedFrom,
      isInner: true,
      isTrainable: isTrainable && (isInner || layer.trainable),
    })),
  )
  return distinct(all)
}

/** Each weight once, at its first place. */
export function distinct(weights: readonly InnerWeight[]): InnerWeight[] {
  const first = new Map(weights.toReversed().map((weight) => [weight.variable, weight]))
  return weights.filter((weight) => first.get(weight.variable) === weight)
}
