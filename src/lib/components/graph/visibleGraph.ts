/** What of a step is drawn when some of its groups are closed: boxes, frames around them, and wires between them. */
import { isInline, phases, shapeText, type Phase, type StepGraph, type StepNode } from './stepGraph'

/** A phase, or a layer within a phase. */
export interface Group {
  readonly id: string
  readonly kind: 'phase' | 'layer'
  readonly label: string
  readonly phase: Phase
  /** The phase that a layer lies in. */
  readonly parent: string | null
  /** All nodes in it. */
  readonly nodes: readonly StepNode[]
}

/** Something drawn: an operator, a value from outside, or a closed group. */
export type Box =
  | { readonly id: string; readonly frame: string | null; readonly kind: 'node'; readonly node: StepNode }
  | { readonly id: string; readonly frame: string | null; readonly kind: 'source'; readonly source: string }
  | { readonly id: string; readonly frame: string | null; readonly kind: 'closed'; readonly group: Group }

/** Values that go from one box to another. */
export interface Wire {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly label: string
}

/** The boxes, frames and wires to draw. */
export interface VisibleGraph {
  /** Open groups, outer ones first. */
  readonly frames: readonly Group[]
  readonly boxes: readonly Box[]
  readonly wires: readonly Wire[]
  /** Id of the box that shows each node. */
  readonly boxOf: ReadonlyMap<string, string>
}

/** Graphs with more nodes begin with closed layers, and with phases closed that would still show too much. */
const mostOpenNodes = 40
const mostLooseNodes = 24

/** Ids of groups never equal those of nodes, which are names of values. */
export const phaseId = (phase: Phase): string => `phase ${phase}`
/** The id of a layer's group. */
export const layerId = (phase: Phase, layer: string): string => `layer ${phase}/${layer}`

/** The groups of a graph by phase and layer. */
export function groupsOf({ nodes }: StepGraph): Group[] {
  return phases.flatMap((phase): Group[] => {
    const inside = nodes.filter((node) => node.phase === phase)
    if (inside.length === 0) return []
    const layers = [...new Set(inside.map(({ layer }) => layer))].filter((layer) => layer !== '')
    return [
      { id: phaseId(phase), kind: 'phase', label: phase, phase, parent: null, nodes: inside },
      ...layers.map((layer): Group => ({
        id: layerId(phase, layer),
        kind: 'layer',
        label: layer,
        phase,
        parent: phaseId(phase),
        nodes: inside.filter((node) => node.layer === layer),
      })),
    ]
  })
}

/** Ids of the groups that are closed before anybody has opened or closed one. */
export function closedAtFirst(graph: StepGraph): Set<string> {
  if (graph.nodes.length <= mostOpenNodes) return new Set()
  const closed = groupsOf(graph).filter(
    ({ kind, nodes }) =>
      kind === 'layer' || nodes.filter(({ layer }) => layer === '').length > mostLooseNodes,
  )
  return new Set(closed.map(({ id }) => id))
}

/** What is to be drawn of a graph whose groups are partly closed. */
export function visibleGraph(graph: StepGraph, closed: ReadonlySet<string>): VisibleGraph {
  const groups = groupsOf(graph)
  const isHidden = ({ parent }: Group) => parent !== null && closed.has(parent)
  const shown = groups.filter((group) => !isHidden(group))
  const frames = shown.filter(({ id }) => !closed.has(id))
  const boxes: Box[] = []
  const boxOf = new Map<string, string>()
  for (const node of graph.nodes) {
    const path = [phaseId(node.phase), layerId(node.phase, node.layer)]
    const closedId = path.find((id) => closed.has(id) && shown.some((group) => group.id === id))
    const frame = node.layer === '' ? phaseId(node.phase) : layerId(node.phase, node.layer)
    if (closedId === undefined) boxes.push({ id: node.id, frame, kind: 'node', node })
    boxOf.set(node.id, closedId ?? node.id)
  }
  for (const group of shown) {
    if (closed.has(group.id)) boxes.push({ id: group.id, frame: group.parent, kind: 'closed', group })
  }
  const { sources, wires } = connect(graph, boxes, boxOf)
  return { frames, boxes: [...sources, ...boxes], wires, boxOf }
}

/** Wires between boxes, one for each pair, and one small box for each source in each phase that uses it. */
function connect(graph: StepGraph, boxes: readonly Box[], boxOf: ReadonlyMap<string, string>) {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map(({ name }) => [name, node] as const)))
  const frames = new Map(boxes.map(({ id, frame }) => [id, frame]))
  const sources = new Map<string, Box>()
  const bundles = new Map<string, { from: string; to: string; values: Map<string, string> }>()
  const add = (from: string, to: string, name: string, label: string) => {
    const id = `${from}→${to}`
    const bundle = bundles.get(id) ?? { from, to, values: new Map<string, string>() }
    bundle.values.set(name, label)
    bundles.set(id, bundle)
  }
  for (const node of graph.nodes) {
    const to = boxOf.get(node.id) ?? node.id
    for (const name of node.inputs) {
      const maker = makers.get(name)
      const value = maker?.outputs.find((output) => output.name === name)
      if (maker && value) {
        const from = boxOf.get(maker.id) ?? maker.id
        if (from !== to) add(from, to, name, shapeText(value.shape))
        continue
      }
      const source = graph.sources.get(name)
      // A closed phase hides what comes into it from outside.
      if (!source || isInline(source) || to === phaseId(node.phase)) continue
      const id = `${name}@${node.phase}`
      sources.set(id, {
        id,
        frame: frames.get(to) === null ? null : phaseId(node.phase),
        kind: 'source',
        source: name,
      })
      add(id, to, name, shapeText(source.shape))
    }
  }
  const wires = [...bundles].map(([id, { from, to, values }]): Wire => {
    const [label = ''] = values.values()
    return { id, from, to, label: values.size === 1 ? label : `${String(values.size)} values` }
  })
  return { sources: [...sources.values()], wires }
}
