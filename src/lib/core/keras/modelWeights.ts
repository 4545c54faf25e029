/** Reading and writing all weights of a stack of layers. */
import type { NdArray } from '../data/types'
import { readBack } from '../eager/readBack'
import type { tf } from '../eager/tfjs'
import { matchWeights, type ExpectedWeight } from '../nn/weightLayouts'
import type { ImageShape, ModelWeights, RecurrentPart, Weight } from '../nn/weights'
import { assignValues, toArray } from './arrays'
import type { Layer } from './layers/layer'

/** A weight under the name it has in `weights()`: `dense/kernel`. */
export interface NamedVariable {
  readonly name: string
  readonly variable: tf.Variable
}

interface Entry extends NamedVariable {
  readonly isTrainable: boolean
  readonly flattenedFrom: ImageShape | undefined
  readonly isEmbedding: boolean | undefined
  readonly recurrent: RecurrentPart | undefined
}

/** The trainable weights in construction order. */
export function namedVariables(layers: readonly Layer[]): NamedVariable[] {
  return entries(layers).flatMap(({ name, variable, isTrainable }) =>
    isTrainable ? [{ name, variable }] : [],
  )
}

/** The others: of frozen layers, and what layers keep track of. */
export function fixedVariables(layers: readonly Layer[]): NamedVariable[] {
  return entries(layers).flatMap(({ name, variable, isTrainable }) =>
    isTrainable ? [] : [{ name, variable }],
  )
}

/** Values of all weights in Keras' layout; reads each from the backend. */
export async function readWeights(layers: readonly Layer[]): Promise<ModelWeights> {
  const weights: Weight[] = []
  for (const { name, variable, flattenedFrom, isEmbedding, recurrent } of entries(layers)) {
    const values = Float32Array.from(await readBack(variable))
    weights.push({ name, shape: [...variable.shape], values, flattenedFrom, isEmbedding, recurrent })
  }
  return { layout: 'keras', weights }
}

/** The same as plain arrays, as Keras' `get_weights`. */
export async function readArrays(layers: readonly Layer[]): Promise<NdArray[]> {
  const arrays: NdArray[] = []
  for (const { variable } of entries(layers)) arrays.push(await toArray(variable))
  return arrays
}

/** Overwrites all weights by position, from either layout. Throws ShapeError and changes nothing if they do not fit. */
export function writeWeights(layers: readonly Layer[], weights: ModelWeights | readonly NdArray[]): void {
  const own = entries(layers)
  const expected = own.map(({ name, variable, flattenedFrom, isEmbedding, recurrent }): ExpectedWeight => {
    return { name, shape: variable.shape, flattenedFrom, isEmbedding, recurrent }
  })
  const given = 'layout' in weights ? weights : namedArrays(weights)
  const matched = matchWeights('setWeights', given, 'keras', expected)
  own.forEach(({ variable }, index) => {
    const values = matched.weights[index]?.values
    if (values) assignValues(variable, values)
  })
}

function namedArrays(arrays: readonly NdArray[]): ModelWeights {
  const weights = arrays.map(({ values, shape }, index): Weight => {
    return { name: `array ${index}`, shape, values: Float32Array.from(values) }
  })
  return { layout: 'keras', weights }
}

function entries(layers: readonly Layer[]): Entry[] {
  return layers.flatMap((layer) =>
    layer.weights.map(({ name, variable, isTrainable = true, runsAlongInput, ...weight }) => ({
      name: `${layer.name}/${name}`,
      variable,
      isTrainable: isTrainable && layer.trainable,
      flattenedFrom: runsAlongInput ? layer.flattenedFrom : weight.flattenedFrom,
      isEmbedding: weight.isEmbedding,
      recurrent: weight.recurrent,
    })),
  )
}
