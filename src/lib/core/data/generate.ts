/** The points that a spec describes, as its programs generate them. */
import { isViewedAs, type KindsOf } from '../catalogue/data'
import type { Spec } from '../spec/schema'
import { labelEncoding } from '../spec/targets'
import { circle, gaussians, moons, plane, points, spiral, waves, xor } from './index'
import type { ClassOptions } from './points'
import type { Dataset } from './types'

/** Functions of the module that programs import; a kind without one does not compile. */
const generators: {
  readonly [K in Exclude<KindsOf<'plane'>, 'points'>]: (options: ClassOptions) => Dataset
} = { circle, xor, gaussians, spiral, moons, plane, waves }

/** Train and test points of a spec's data with labels as `labels` says; null for data that are not points of a plane. */
export function generatePoints(
  spec: Pick<Spec, 'data' | 'loss' | 'seed'>,
  labels = labelEncoding(spec) ?? undefined,
): Dataset | null {
  const { data, seed } = spec
  if (!isViewedAs(data, 'plane')) return null
  const seeded = labels === undefined ? { seed } : { seed, labels }
  if (data.kind === 'points') {
    const { trainFraction } = data
    return points(data.points, { ...seeded, trainFraction })
  }
  const { kind, ...options } = data
  return generators[kind]({ ...options, ...seeded })
}
