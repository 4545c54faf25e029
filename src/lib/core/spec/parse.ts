/** From unknown values to a valid spec or experiment, or a `SpecError` that says which entry is wrong. */
import * as v from 'valibot'
import { cutText } from '../util/cutText'
import { SpecError } from '../util/errors'
import { checkSpec } from './checks'
import { layerShapes } from './layerShapes'
import { dataSchema, experimentSchema, specSchema, type DataSpec, type Experiment, type Spec } from './schema'

/** Longest name in a path that is shown whole. */
const shownName = 60

/** A path as users write it: `model.layers[2].units`; the whole value is called by `root`. */
function printPath(issue: v.BaseIssue<unknown>, root: string): string {
  const keys = (issue.path ?? []).map((item) => item.key)
  return (
    keys.reduce<string>((path, key) => {
      if (typeof key === 'number') return `${path}[${key}]`
      const name = cutText(String(key), shownName)
      return path === '' ? name : `${path}.${name}`
    }, '') || root
  )
}

/** Stops at the first entry that is wrong: a large value costs no more than a small one. */
function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown, root: string): T {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  throw new SpecError(printPath(result.issues[0], root), result.issues[0].message)
}

/** A valid spec with all defaults filled in; throws `SpecError` with the path of the first wrong entry. */
export function parseSpec(value: unknown): Spec {
  const spec = withClasses(parse<Spec>(specSchema, value, 'spec'))
  checkSpec(spec)
  return spec
}

/** Of how many classes the model tells, where the data do not say: one output is enough for two. */
function withClasses(spec: Spec): Spec {
  const { data, loss } = spec
  if (data.kind !== 'csv' || data.task === 'regression' || data.classes !== undefined) return spec
  const outputs = layerShapes(spec).at(-1)?.output.at(-1) ?? 0
  return { ...spec, data: { ...data, classes: loss === 'binaryCrossentropy' ? 2 : Math.max(2, outputs) } }
}

/** The `data` entry of a spec with that dataset's defaults filled in. */
export function parseData(value: unknown): DataSpec {
  return parse<DataSpec>(dataSchema, value, 'data')
}

/** A valid experiment with all defaults filled in; paths in its `SpecError`s begin with `spec` or `lanes`. */
export function parseExperiment(value: unknown): Experiment {
  const experiment = parse<Experiment>(experimentSchema, value, 'experiment')
  try {
    const spec = withClasses(experiment.spec)
    checkSpec(spec)
    return { ...experiment, spec }
  } catch (error) {
    if (!(error instanceof SpecError)) throw error
    throw underSpec(error)
  }
}

/** The same error, of the spec in an experiment. */
function underSpec(error: SpecError): SpecError {
  return new SpecError(`spec.${error.path}`, error.message.slice(error.path.length + 2), { cause: error })
}
