/** The dataset that a spec describes, as its programs generate it. */
import type { Spec } from '../spec/schema'
import { isSequences } from '../spec/sequences'
import { labelEncoding } from '../spec/targets'
import { circle } from './circle'
import { gaussians } from './gaussians'
import { moons } from './moons'
import { points } from './ownPoints'
import { plane } from './plane'
import { spiral } from './spiral'
import type { Dataset } from './types'
import { waves } from './waves'
import { xor } from './xor'

const classGenerators = { circle, xor, gaussians, spiral, moons }
const targetGenerators = { plane, waves }

/** Train and test points of a spec's data with labels as `labels` says; null for digits and files, which are loaded, and for sequences. */
export function generatePoints(
  spec: Pick<Spec, 'data' | 'loss' | 'seed'>,
  labels = labelEncoding(spec) ?? undefined,
): Dataset | null {
  const { data, seed } = spec
  if (data.kind === 'digits' || data.kind === 'csv' || isSequences(data)) return null
  if (data.kind === 'points') {
    const split = { trainFraction: data.trainFraction, seed }
    return points(data.points, labels === undefined ? split : { ...split, labels })
  }
  const { kind, ...options } = data
  const seeded = { ...options, seed }
  if (kind === 'plane' || kind === 'waves') return targetGenerators[kind](seeded)
  return classGenerators[kind](labels === undefined ? seeded : { ...seeded, labels })
}
