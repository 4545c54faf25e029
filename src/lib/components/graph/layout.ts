/** Places the boxes and frames of a graph, top to bottom. Imported on demand only: it brings dagre with it. */
import { Graph, layout } from '@dagrejs/dagre'
import { shapeText, type StepGraph } from './stepGraph'
import type { Box, VisibleGraph } from './visibleGraph'

/** Top left corner and size in pixels. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Pixels that a character of a label takes at most. */
const characterWidth = 8
const labelCharacters = 6.6
const frameHeader = 30

export interface Point {
  readonly x: number
  readonly y: number
}

/** The way of a wire from box to box, and the middle of its label. */
export interface Route {
  readonly points: readonly Point[]
  readonly label: Point
}

export interface Drawing {
  /** By the ids of boxes and frames. */
  readonly places: ReadonlyMap<string, Place>
  /** By the ids of wires. */
  readonly routes: ReadonlyMap<string, Route>
}

export function draw(graph: StepGraph, { frames, boxes, wires }: VisibleGraph): Drawing {
  const drawn = new Graph({ compound: true, multigraph: true })
  drawn.setGraph({ rankdir: 'TB', nodesep: 14, ranksep: 26, edgesep: 8, marginx: 12, marginy: 12 })
  drawn.setDefaultEdgeLabel(() => ({}))
  for (const { id } of frames) drawn.setNode(id, {})
  for (const { id, parent } of frames) if (parent !== null) drawn.setParent(id, parent)
  for (const box of boxes) {
    drawn.setNode(box.id, sizeOf(graph, box))
    if (box.frame !== null) drawn.setParent(box.id, box.frame)
  }
  for (const { from, to, label, id } of wires) {
    drawn.setEdge(from, to, { width: label.length * labelCharacters, height: 16, labelpos: 'c' }, id)
  }
  layout(drawn)
  const open = new Set(frames.map(({ id }) => id))
  const places = drawn.nodes().map((id): [string, Place] => {
    const { x = 0, y = 0, width = 0, height = 0 } = drawn.node(id) as Partial<Place>
    const header = open.has(id) ? frameHeader : 0
    return [id, { x: x - width / 2, y: y - height / 2 - header, width, height: height + header }]
  })
  const routes = drawn.edges().map((edge): [string, Route] => {
    const { points = [], x = 0, y = 0 } = drawn.edge(edge) as { points?: Point[]; x?: number; y?: number }
    return [edge.name ?? '', { points, label: { x, y } }]
  })
  return { places: new Map(places), routes: new Map(routes) }
}

/** A smooth SVG path through the points: straight at its ends, curved between the middles of its parts. */
export function pathThrough(points: readonly Point[]): string {
  const [start, ...rest] = points
  const end = rest.at(-1)
  if (!start || !end) return ''
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? end
    const isLast = index === rest.length - 2
    const [x, y] = isLast ? [end.x, end.y] : [(point.x + next.x) / 2, (point.y + next.y) / 2]
    return `Q ${pair(point)} ${pair({ x, y })}`
  })
  return [`M ${pair(start)}`, ...(bends.length > 0 ? bends : [`L ${pair(end)}`])].join(' ')
}

const pair = ({ x, y }: Point): string => `${x.toFixed(1)},${y.toFixed(1)}`

function sizeOf(graph: StepGraph, box: Box): { width: number; height: number } {
  switch (box.kind) {
    case 'node': {
      const { op, outputs } = box.node
      const widest = Math.max(op.length, shapeText(outputs[0]?.shape ?? []).length)
      return {
        width: Math.max(84, widest * characterWidth + 28),
        height: box.node.becomes.length > 0 ? 58 : 40,
      }
    }
    case 'source': {
      const label = graph.sources.get(box.source)?.label ?? ''
      return { width: Math.min(200, Math.max(44, label.length * 7 + 22)), height: 26 }
    }
    case 'closed':
      return { width: Math.max(130, box.group.label.length * characterWidth + 50), height: 52 }
  }
}
