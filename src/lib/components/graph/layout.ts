/** What a graph's layout is computed from, and how its wires are drawn. */
import type { GraphOutline, Point } from '$lib/workers/layoutProtocol'
import { shapeText, type StepGraph } from './stepGraph'
import type { Box, VisibleGraph } from './visibleGraph'

/** Pixels that a character of a label takes at most. */
const characterWidth = 8
const wireCharacterWidth = 6.6

/** The visible part of a graph with the sizes that its labels need. */
export function outlineOf(graph: StepGraph, { frames, boxes, wires }: VisibleGraph): GraphOutline {
  return {
    frames: frames.map(({ id, parent }) => ({ id, parent })),
    boxes: boxes.map((box) => ({ id: box.id, frame: box.frame, ...sizeOf(graph, box) })),
    wires: wires.map(({ id, from, to, label }) => ({
      id,
      from,
      to,
      labelWidth: label.length * wireCharacterWidth,
    })),
  }
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
