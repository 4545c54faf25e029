/** Places the boxes and frames of a graph with dagre. Takes up to half a second, so a worker calls it. */
import { Graph, layout } from '@dagrejs/dagre'
import type { Drawing, GraphOutline, Place, Point, Route } from './layoutProtocol'

const frameHeader = 30

/** Places the boxes and wires of a graph. */
export function drawOutline({ frames, boxes, wires }: GraphOutline): Drawing {
  const drawn = new Graph({ compound: true, multigraph: true })
  drawn.setGraph({ rankdir: 'TB', nodesep: 14, ranksep: 26, edgesep: 8, marginx: 12, marginy: 12 })
  drawn.setDefaultEdgeLabel(() => ({}))
  for (const { id } of frames) drawn.setNode(id, {})
  for (const { id, parent } of frames) if (parent !== null) drawn.setParent(id, parent)
  for (const { id, frame, width, height } of boxes) {
    drawn.setNode(id, { width, height })
    if (frame !== null) drawn.setParent(id, frame)
  }
  for (const { id, from, to, labelWidth } of wires) {
    drawn.setEdge(from, to, { width: labelWidth, height: 16, labelpos: 'c' }, id)
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
