/** A step as it is drawn: nodes with what they take and give, the same for compiled graphs and recorded eager steps. */
import type { Graph, RecordedStep } from '$lib/workers/protocol'

/** The parts of a step, in order. */
export const phases = ['forward', 'loss', 'backward', 'update'] as const

/** A part of a training step. */
export type Phase = (typeof phases)[number]

/** A tensor of a step: its name, type and shape. */
export interface StepValue {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
}

/** One operation of a step. */
export interface StepNode {
  readonly id: string
  readonly op: string
  /** Names of values; '' where an optional operand is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly StepValue[]
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>
  readonly phase: Phase
  /** Empty outside of layers. */
  readonly layer: string
  /** Of the program, from 1; 0 where unknown. */
  readonly line: number
  /** What its value is for outside of the step: `result`, or the weight that it becomes. */
  readonly becomes: readonly string[]
}

/** A value that no node makes. */
export interface StepSource extends StepValue {
  readonly kind: 'argument' | 'state' | 'host' | 'constant'
  readonly label: string
}

/** The operations of a step and where their operands come from. */
export interface StepGraph {
  readonly nodes: readonly StepNode[]
  readonly sources: ReadonlyMap<string, StepSource>
}

/** Constants up to this size are written where they are used. */
const largestInline = 8

/** The step graph of a compiled step. */
export function fromGraph(graph: Graph, names: Names = {}): StepGraph {
  const becomes = new Map<string, string[]>()
  const note = (name: string, text: string) => becomes.set(name, [...(becomes.get(name) ?? []), text])
  for (const name of new Set(graph.results)) note(name, 'result')
  for (const { output, variables } of graph.states) {
    if (output !== null) note(output, `new ${variablesText(variables, names)}`)
  }
  const stateNames = new Map(
    graph.states.map(({ input, variables }) => [input, variablesText(variables, names)]),
  )
  const inputs = graph.inputs.map(({ name, dtype, shape, role }): StepSource => ({
    name,
    dtype,
    shape,
    kind: role,
    label: stateNames.get(name) ?? name,
  }))
  const constants = graph.constants.map(({ name, dtype, shape, data }): StepSource => ({
    name,
    dtype,
    shape,
    kind: 'constant',
    label: data.length <= largestInline ? constantText(data, shape) : 'constant',
  }))
  return {
    nodes: graph.nodes.map(({ op, inputs: operands, outputs, attributes, origin }) => ({
      id: outputs[0]?.name ?? op,
      op,
      inputs: operands,
      outputs,
      attributes,
      ...origin,
      becomes: outputs.flatMap(({ name }) => becomes.get(name) ?? []),
    })),
    sources: new Map([...inputs, ...constants].map((source) => [source.name, source])),
  }
}

/** The kernels of an eager step; the ids of nodes are those of `tapeNodeId`. */
export function fromTape({ kernels, sources, variableNames }: RecordedStep): StepGraph {
  return {
    nodes: kernels.map(({ kernel, inputs, outputs, attributes, origin }, index) => ({
      id: tapeNodeId(index),
      op: kernel,
      inputs: inputs.map(String),
      outputs: outputs.map(({ id, dtype, shape }) => ({ name: String(id), dtype, shape })),
      attributes,
      ...origin,
      becomes: [],
    })),
    sources: new Map(
      sources.map(({ id, kind, name, dtype, shape }) => [
        String(id),
        {
          name: String(id),
          dtype,
          shape,
          kind: kind === 'variable' ? 'state' : shape.length === 0 ? 'constant' : 'argument',
          label:
            kind === 'variable' ? variableText(name, variableNames) : shape.length === 0 ? 'number' : 'data',
        },
      ]),
    ),
  }
}

/** The id of an eager kernel's node, by its position on the tape. */
export function tapeNodeId(kernel: number): string {
  return `kernel ${String(kernel)}`
}

/** `32×8`, or `scalar`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('×')
}

/** What a node takes, as text: constants by value, values by the op that makes them. */
export function operandText(graph: StepGraph, name: string): string {
  if (name === '') return '–'
  const source = graph.sources.get(name)
  if (source) return source.label
  const maker = graph.nodes.find(({ outputs }) => outputs.some((output) => output.name === name))
  return maker ? `${maker.op} ${String(graph.nodes.indexOf(maker) + 1)}` : name
}

/** Whether a source is written where it is used instead of being drawn. */
export function isInline({ kind, shape }: StepSource): boolean {
  return kind === 'constant' && shape.reduce((product, size) => product * size, 1) <= largestInline
}

type Names = Readonly<Record<string, string>>

/** The model's own name; slots are named `optimizer1/weight/m`, and what has only a number is a gradient. */
function variableText(name: string, names: Names): string {
  const [, weight, slot] = /^optimizer\d+\/(.+)\/([^/]+)$/.exec(name) ?? []
  if (weight !== undefined && slot !== undefined) return `${slot} of ${names[weight] ?? weight}`
  return names[name] ?? (/^\d+$/.test(name) ? 'gradient' : name)
}

function variablesText(variables: readonly { readonly name: string }[], names: Names): string {
  const [first, ...rest] = variables.map(({ name }) => variableText(name, names))
  if (first === undefined) return 'state'
  return rest.length === 0 ? first : `${first} and ${String(rest.length)} more`
}

function constantText(data: ArrayLike<number>, shape: readonly number[]): string {
  const numbers = Array.from(data, (value) => String(Number(value.toPrecision(5))))
  return shape.length === 0 ? (numbers[0] ?? '') : `[${numbers.join(', ')}]`
}
