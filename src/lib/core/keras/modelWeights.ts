/** Reading and writing all weights of a model, in their order. */
import type { NdArray } from '../data/types'
import { readBack } from '../eager/readBack'
import type { tf } from '../eager/tfjs'
import { matchWeights, type ExpectedWeight } from '../nn/weightLayouts'
import type { ModelWeights, Weight } from '../nn/weights'
import { assignValues, toArray } from './arrays'
import type { InnerWeight } from './layers/innerWeights'

/** A weight under the name it has in `weights()`: `dense/kernel`. */
export interface NamedVariable {
  readonly name: string
  readonly variable: tf.Variable
}

/** The trainable weights in construction order. */
export function namedVariables(weights: readonly InnerWeight[]): NamedVariable[] {
  return weights.flatMap(({ name, variable, isTrainable }) => (isTrainable ? [{ name, variable }] : []))
}

/** The others: of frozen layers, and what layers keep track of. */
export function fixedVariables(weights: readonly InnerWeight[]): NamedVariable[] {
  return weights.flatMap(({ name, variable, isTrainable }) => (isTrainable ? [] : [{ name, variable }]))
}

/** Values of all weights in Keras' layout; reads each from the backend. */
export async function readWeights(weights: readonly InnerWeight[]): Promise<ModelWeights> {
  const read: Weight[] = []
  for (const { name, variable, flattenedFrom, isEmbedding, recurrent } of weights) {
    const values = Float32Array.from(await readBack(variable))
    read.push({ name, shape: [...variable.shape], values, flattenedFrom, isEmbedding, recurrent })
  }
  return { layout: 'keras', weights: read }
}

/** The same as plain arrays, as Keras' `get_weights`. */
export async function readArrays(weights: readonly InnerWeight[]): Promise<NdArray[]> {
  const arrays: NdArray[] = []
  for (const { variable } of weights) arrays.push(await toArray(variable))
  return arrays
}

/** Overwrites all weights by position, from either layout. Throws ShapeError and changes nothing if they do not fit. */
export function writeWeights(own: readonly InnerWeight[], weights: ModelWeights | readonly NdArray[]): void {
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
