/** A training step as an ONNX file: examples, labels and state in; loss and new state out. */
import { readBack } from '../eager/readBack'
import type { tf } from '../eager/tfjs'
import type { Graph, GraphInput } from '../graph/types'
import { encodeModel, outputNames } from '../onnx/index'
import { optimise } from '../passes/optimise'
import { readVariables } from '../session/hostState'
import type { HostTensor } from '../session/types'
import { trace, type Trace } from '../trace/trace'
import { ArgumentError } from '../util/errors'
import { printShape } from '../util/shapes'
import type { RecordedCall } from './recordingSession'
import { endNames, withVariableNames, type NamedWeights } from './variableNames'
import { renameValues } from './renameValues'

/** A file of one step, with all that one run of it takes. */
export interface StepFile {
  readonly bytes: Uint8Array
  readonly graph: Graph
  /** Every input of the file by name: the batch that was recorded, what the host computes, the state of now. */
  readonly feeds: ReadonlyMap<string, HostTensor>
  /** Output that holds the loss. */
  readonly loss: string
  /** Output that each state becomes, by its input. */
  readonly states: ReadonlyMap<string, string>
}

/** What goes into the file of a training step. */
export interface StepOptions {
  readonly weights: NamedWeights
  /** Further entries of the file's metadata. */
  readonly notes?: Readonly<Record<string, string>> | undefined
}

/**
 * The step behind a recorded call, traced anew and optimised, with the newest values of its variables. The host's
 * part of a step, such as drawing a dropout mask, happens once. Throws ArgumentError where nothing is trained.
 */
export async function exportStep(
  { function: name, inputs, body }: RecordedCall,
  { weights, notes = {} }: StepOptions,
): Promise<StepFile> {
  const traced = trace(name, inputs, body)
  const { graph: plain, variables } = withVariableNames(traced, weights)
  const optimised = optimise(plain).graph
  const values = await feedsOf(optimised, { variables, hostActions: traced.hostActions }, inputs)
  const ends = endNames(optimised, weights)
  const graph = renameValues(optimised, ends)
  const feeds = new Map([...values].map(([input, tensor]) => [ends.get(input) ?? input, tensor]))
  const names = outputNames(graph)
  const loss = names.results[0]
  if (loss === undefined || !graph.states.some(({ output }) => output !== null)) throw notTraining(name)
  const states = new Map(
    graph.states.flatMap(({ input }, index) => {
      const output = names.states[index]
      return output ? [[input, output] as const] : []
    }),
  )
  const bytes = encodeModel(graph, { notes: { ...describeEnds(graph, loss, states), ...notes } })
  return { bytes, graph, feeds, loss, states }
}

function argumentsOf({ inputs }: Graph): GraphInput[] {
  return inputs.filter(({ role }) => role === 'argument')
}

/** One line per input and output: what a reader of the file has to know to train with it. */
function describeEnds(
  graph: Graph,
  loss: string,
  states: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const inputs = graph.inputs.map((input) => {
    const { name, role, dtype, shape } = input
    return `${name}: ${dtype} ${printShape(shape)}, ${roles[role]}${describeVariables(graph, name)}`
  })
  const outputs = [...states].map(([input, output]) => `${output}: becomes ${input} of the next step`)
  return {
    inputs: inputs.join('\n'),
    outputs: [`${loss}: the mean loss of the batch before the update`, ...outputs].join('\n'),
  }
}

const roles: { readonly [R in GraphInput['role']]: string } = {
  argument: 'the batch',
  host: 'computed anew for every step',
  state: 'state',
}

function describeVariables({ states }: Graph, input: string): string {
  const state = states.find((one) => one.input === input)
  if (!state) return ''
  const variables = state.variables.map(({ name, shape }) => `${name} ${printShape(shape)}`)
  return ` of ${variables.join(', then ')}`
}

async function feedsOf(
  graph: Graph,
  { variables, hostActions }: Pick<Trace, 'variables' | 'hostActions'>,
  inputs: readonly HostTensor[],
): Promise<ReadonlyMap<string, HostTensor>> {
  const values = new Map<string, HostTensor['values']>()
  for (const action of hostActions) {
    if (action.kind === 'effect') action.run()
    else values.set(action.input, action.compute().slice())
  }
  for (const [index, { name }] of argumentsOf(graph).entries()) {
    const given = inputs[index]
    if (given) values.set(name, given.values)
  }
  for (const state of graph.states) {
    const held = state.variables.map(({ name }) => named(variables, name))
    values.set(state.input, await readVariables(held, readBack))
  }
  return new Map(
    graph.inputs.map(({ name, dtype, shape }) => {
      const found = values.get(name)
      if (!found) throw new Error(`internal: export: nothing to feed to ${name}`)
      return [name, { dtype, shape, values: found }]
    }),
  )
}

function named(variables: ReadonlyMap<string, tf.Variable>, name: string): tf.Variable {
  const variable = variables.get(name)
  if (variable) return variable
  throw new Error(`internal: export: no variable ${name}`)
}

function notTraining(name: string): ArgumentError {
  return new ArgumentError(
    `exportStep: expected a step that changes weights and gives its loss, got ${name}. Export the training step.`,
  )
}
