/** The points of an experiment's data as plots show them. Generated once for all plots of a page. */
import { generatePoints } from '$lib/core/data/generate'
import type { CsvAxis } from '$lib/core/data/csvSample'
import type { Split } from '$lib/core/data/types'
import { classCount, taskOf, type Task } from '$lib/core/spec/datasets'
import type { Spec } from '$lib/core/spec/schema'

/** More points of a split than this are not drawn: they would hide each other. */
export const shownPerSplit = 1000

/** Train and test points with class numbers or targets. */
export interface SamplePoints {
  readonly task: Task
  /** Number of classes; 0 for regression. */
  readonly classes: number
  readonly train: Split
  readonly test: Split
  /** Largest absolute target of a regression, for symmetric colour scales; 1 for classes. */
  readonly targetLimit: number
  /** Of classes that have names, by their number. */
  readonly classNames?: readonly string[]
  /** What the sides of the plotted square are, where it is not [−extent, extent]². */
  readonly axes?: readonly [CsvAxis, CsvAxis]
}

let cached: { readonly key: string; readonly points: SamplePoints | null } | null = null

/** The points that a spec's programs train on, the same object for the same data; null for digits and files. */
export function samplePoints(spec: Spec): SamplePoints | null {
  const key = JSON.stringify([spec.data, spec.seed])
  if (cached?.key !== key) cached = { key, points: generate(spec) }
  return cached.points
}

function generate(spec: Spec): SamplePoints | null {
  const dataset = generatePoints(spec, 'index')
  if (dataset === null) return null
  const task = taskOf(spec.data)
  const targets = [...dataset.train.y.values, ...dataset.test.y.values]
  const targetLimit =
    task === 'regression' ? targets.reduce((limit, y) => Math.max(limit, Math.abs(y)), 1e-6) : 1
  return { ...dataset, task, classes: classCount(spec.data), targetLimit }
}
