/** Readable names in exported files: those of a program's variables depend on what ran before it in the process. */
import type { tf } from '../eager/tfjs'
import type { Graph, State } from '../graph/types'
import type { Trace } from '../trace/trace'
import { renameValues } from './renameValues'

/** A model's weights under the names that people know them by. */
export type NamedWeights = readonly { readonly name: string; readonly variable: tf.Variable }[]

/** Readable name by the name that a variable has in a trace. */
type Names = ReadonlyMap<string, string>

const argumentNames = ['input', 'label']

/**
 * The call of a trace with its variables under readable names, `dense/kernel`, and `dense/kernel/m` for a slot of it;
 * what was observed beside the call is left out.
 */
export function withVariableNames(
  { graph, observed, variables }: Trace,
  weights: NamedWeights,
): Pick<Trace, 'graph' | 'variables'> {
  const known = new Map(weights.map(({ name, variable }) => [variable.name, name]))
  const names = new Map([...variables.keys()].map((name) => [name, readable(name, known)]))
  const nameOf = (name: string) => names.get(name) ?? name
  const renamed = renameValues(graph, names)
  return {
    graph: {
      ...renamed,
      results: renamed.results.slice(0, renamed.results.length - observed.length),
      states: renamed.states.map((state) => ({
        ...state,
        variables: state.variables.map(({ name, shape }) => ({ name: nameOf(name), shape })),
      })),
    },
    variables: new Map([...variables].map(([name, variable]) => [nameOf(name), variable])),
  }
}

/** Names for inputs and outputs: `input`, `label`, `loss`; `weights` and the slots, `m` to `m/next`. */
export function endNames(graph: Graph, weights: NamedWeights): Names {
  const names = new Map<string, string>()
  const batch = graph.inputs.filter(({ role }) => role === 'argument')
  for (const [index, { name }] of batch.entries()) names.set(name, argumentNames[index] ?? `input${index}`)
  const known = new Set(weights.map(({ name }) => name))
  const taken = new Set<string>()
  for (const state of graph.states) {
    const plain = stateName(state, known)
    const name = taken.has(plain) ? `${plain}${taken.size}` : plain
    taken.add(name)
    names.set(state.input, name)
    if (state.output !== null && !graph.results.includes(state.output))
      names.set(state.output, `${name}/next`)
  }
  const [loss] = graph.results
  if (loss !== undefined) names.set(loss, 'loss')
  return names
}

/** Of one variable its own; of several what they have in common. */
function stateName({ input, variables }: State, weights: ReadonlySet<string>): string {
  const [first, ...others] = variables.map(({ name }) => name)
  if (first === undefined || others.length === 0) return input
  return weights.has(first) ? 'weights' : (first.split('/').at(-1) ?? first)
}

/** Optimizers call the slots of a variable `optimizer3/kernel_1/m`. */
function readable(name: string, weights: Names): string {
  const known = weights.get(name)
  if (known !== undefined) return known
  const [, variable = '', slot] = /^optimizer\d+\/(.+)\/([^/]+)$/.exec(name) ?? []
  const owner = weights.get(variable)
  return owner === undefined ? name : `${owner}/${slot}`
}
