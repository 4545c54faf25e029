/** All kinds of data, in the order in which the page offers them. */
import type { ReadBy } from '../settings'
import { csv } from './csv'
import { digits } from './digits'
import { points } from './ownPoints'
import { circle, gaussians, moons, plane, spiral, waves, xor } from './plane'
import type { DataFacts, DataView } from './record'
import { parity, recall } from './sequences'

const records = {
  circle,
  xor,
  gaussians,
  spiral,
  moons,
  plane,
  waves,
  digits,
  parity,
  recall,
  points,
  csv,
} as const

type Records = typeof records
type AnyRecord = Records[keyof Records]

/** The name of a kind of data. */
export type DataKind = AnyRecord['kind']

/** The data of a spec. */
export type DataSpec = ReadBy<AnyRecord['schema']>

/** The kinds that are viewed so. */
export type KindsOf<V extends DataView> = Extract<AnyRecord, { readonly view: V }>['kind']

/** The data of those kinds. */
export type DataOf<K extends DataKind> = Extract<DataSpec, { readonly kind: K }>

/** The kinds that somebody makes in a dialog. */
export type EditedKind = Extract<AnyRecord, { readonly edit: string }>['kind']

/** The records by kind: a key that is not the record's own kind does not compile. */
export const dataRecords: { readonly [K in DataKind]: Extract<AnyRecord, { readonly kind: K }> } = records

/** The kinds in the order in which the page offers them. */
export const dataKinds = Object.keys(dataRecords) as readonly DataKind[]

/** The schemas in the same order. */
export const dataSchemas = dataKinds.map((kind) => dataRecords[kind].schema)

/** The facts of data. */
export function dataFacts({ kind }: DataSpec): DataFacts<DataSpec> {
  // The table's key is the data's own kind, which TypeScript cannot follow through the union.
  return dataRecords[kind] as DataFacts<DataSpec>
}

/** Whether somebody makes data of that kind in a dialog. */
export function isEdited(kind: DataKind): kind is EditedKind {
  return dataRecords[kind].edit !== null
}

/** Whether data are viewed so, which tells of what kinds they may be. */
export function isViewedAs<V extends DataView>(data: DataSpec, view: V): data is DataOf<KindsOf<V>> {
  return dataRecords[data.kind].view === view
}

/** Whether data are sequences of tokens. */
export function isSequences(data: DataSpec): data is DataOf<KindsOf<'sequences'>> {
  return isViewedAs(data, 'sequences')
}
