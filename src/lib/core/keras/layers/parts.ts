/** What a layer or a model of the program's own has in its fields: layers, models and variables. */
import { isPlainObject } from '../../util/plainObject'
import { nameLayer } from '../layerNames'
import { Variable } from '../variable'
import type { InnerWeight } from './innerWeights'
import type { Layer } from './layer'
import { layerOf } from './modelLayer'

/** Layers and models among the fields, in the order of assignment, and also in lists and by name; each has a name then. */
export function partsOf(owner: object): readonly Layer[] {
  const layers = [...new Set(inFields(owner, (each) => (each === owner ? null : layerOf(each))))]
  for (const layer of layers) {
    if (layer.name === '') nameLayer('Model', layer, layers.filter((other) => other !== layer)) // prettier-ignore
  }
  return layers
}

/** Variables among the fields, named by themselves or by the field. */
export function variablesOf(owner: object): readonly InnerWeight[] {
  return Object.entries(owner as Readonly<Record<string, unknown>>).flatMap(([field, value]) =>
    inFields({ value }, (each) => (each instanceof Variable ? each : null)).map(({ name, variable }) => {
      return { name: name === 'variable' ? field : name, variable, isTrainable: variable.trainable }
    }),
  )
}

/** What `find` makes of the fields; lists and plain objects are gone through, rows of numbers are not. */
function inFields<Found>(owner: object, find: (value: unknown) => Found | null): Found[] {
  const seen = new Set<unknown>()
  const within = (value: unknown): Found[] => {
    if (typeof value !== 'object' || seen.has(value)) return []
    seen.add(value)
    const found = find(value)
    if (found !== null) return [found]
    if (Array.isArray(value)) return typeof value[0] === 'object' ? value.flatMap(within) : []
    return isPlainObject(value) ? Object.values(value).flatMap(within) : []
  }
  return Object.values(owner).flatMap(within)
}
