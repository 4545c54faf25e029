/** All types of layers, in the order in which the page offers them. */
import type { ReadBy } from '../settings'
import { activation } from './activation'
import { conv2d } from './conv2d'
import { dense } from './dense'
import { dropout } from './dropout'
import { embedding } from './embedding'
import { flatten } from './flatten'
import { batchNormalization, layerNormalization } from './normalization'
import { averagePooling2d, maxPooling2d } from './pooling'
import type { LayerFacts } from './record'
import { gru, lstm, simpleRnn } from './recurrent'

const records = {
  dense,
  conv2d,
  maxPooling2d,
  averagePooling2d,
  batchNormalization,
  layerNormalization,
  embedding,
  simpleRnn,
  lstm,
  gru,
  flatten,
  dropout,
  activation,
} as const

type Records = typeof records

/** The name of a layer's type. */
export type LayerType = Records[keyof Records]['type']

/** One layer of a spec. */
export type LayerSpec = ReadBy<Records[keyof Records]['schema']>

/** The records by type: a key that is not the record's own type does not compile. */
export const layerRecords: {
  readonly [T in LayerType]: Extract<Records[keyof Records], { readonly type: T }>
} = records

/** The types in the order in which the page offers them. */
export const layerTypes = Object.keys(layerRecords) as readonly LayerType[]

/** The schemas in the same order. */
export const layerSchemas = layerTypes.map((type) => layerRecords[type].schema)

/** The facts of a layer. */
export function layerFacts({ type }: LayerSpec): LayerFacts<LayerSpec> {
  // The table's key is the layer's own type, which TypeScript cannot follow through the union.
  return layerRecords[type] as LayerFacts<LayerSpec>
}
