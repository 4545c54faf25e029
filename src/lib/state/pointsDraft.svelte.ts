/** Points while they are being placed, before the experiment takes them: edits that can be undone. */
import { at } from '$lib/core/util/at'
import { generatePoints } from '$lib/core/data/generate'
import { classCount, extent } from '$lib/core/spec/datasets'
import {
  fewestPerClass,
  maxOwnPoints,
  ownPointsProblem,
  shortClasses,
  type OwnPoint,
} from '$lib/core/catalogue/data/ownPoints'
import type { Spec } from '$lib/core/spec/schema'

/** Points that a drag adds lie at least so far apart. */
const strokeDistance = 0.09

/** The points of the dialog before they are applied. */
export class PointsDraft {
  #points = $state.raw<readonly OwnPoint[]>([])
  #earlier = $state.raw<readonly (readonly OwnPoint[])[]>([])
  #later = $state.raw<readonly (readonly OwnPoint[])[]>([])
  /** Between `beginStroke` and `endStroke`: whether the stroke changed something yet. */
  #stroke: { hasChanged: boolean } | null = null

  constructor(points: readonly OwnPoint[]) {
    this.#points = points
  }

  get points(): readonly OwnPoint[] {
    return this.#points
  }

  /** What keeps the points from being trained on; null for nothing. */
  get problem(): string | null {
    return ownPointsProblem(this.#points)
  }

  /** Which classes still need points, as what to do next; null for none. */
  get need(): string | null {
    const labels = shortClasses(this.#points).map((label) => `class ${String(label)}`)
    if (labels.length === 0) return null
    return `Needs ${String(fewestPerClass)} points or more of ${labels.join(' and ')}.`
  }

  get canUndo(): boolean {
    return this.#earlier.length > 0
  }

  get canRedo(): boolean {
    return this.#later.length > 0
  }

  /** Edits from here to `endStroke` are undone together. */
  beginStroke(): void {
    this.#stroke = { hasChanged: false }
  }

  endStroke(): void {
    this.#stroke = null
  }

  /** Places a point, in hundredths and within the square; false where it finds no room. */
  add(horizontal: number, vertical: number, label: number): boolean {
    const point: OwnPoint = [rounded(horizontal), rounded(vertical), label]
    const last = this.#points.at(-1)
    const isTooClose = this.#stroke?.hasChanged === true && last && distance(last, point) < strokeDistance
    if (this.#points.length >= maxOwnPoints || isTooClose) return false
    this.#change([...this.#points, point])
    return true
  }

  /** Takes away the nearest point within `reach`; false where there is none. */
  eraseNear(horizontal: number, vertical: number, reach: number): boolean {
    const distances = this.#points.map((point) => distance(point, [horizontal, vertical, 0]))
    const nearest = distances.indexOf(Math.min(...distances))
    if (!((distances[nearest] ?? Infinity) <= reach)) return false
    this.eraseAt(nearest)
    return true
  }

  eraseAt(index: number): void {
    this.#change(this.#points.toSpliced(index, 1))
  }

  /** All other points at once. */
  replace(points: readonly OwnPoint[]): void {
    this.#change(points)
  }

  undo(): void {
    const before = this.#earlier.at(-1)
    if (before === undefined) return
    this.#earlier = this.#earlier.slice(0, -1)
    this.#later = [...this.#later, this.#points]
    this.#points = before
  }

  redo(): void {
    const after = this.#later.at(-1)
    if (after === undefined) return
    this.#later = this.#later.slice(0, -1)
    this.#earlier = [...this.#earlier, this.#points]
    this.#points = after
  }

  #change(points: readonly OwnPoint[]): void {
    if (this.#stroke?.hasChanged !== true) this.#earlier = [...this.#earlier, this.#points]
    if (this.#stroke) this.#stroke.hasChanged = true
    this.#later = []
    this.#points = points
  }
}

/** The points of a spec's data as points to edit; null for data that are not points of classes. */
export function editablePoints(spec: Spec): readonly OwnPoint[] | null {
  if (spec.data.kind === 'points') return spec.data.points
  const dataset = classCount(spec.data) === 0 ? null : generatePoints(spec, 'index')
  if (dataset === null) return null
  const points = [dataset.train, dataset.test].flatMap(({ x, y }) =>
    Array.from(y.values, (label, row): OwnPoint => [
      rounded(at(x.values, 2 * row)),
      rounded(at(x.values, 2 * row + 1)),
      label,
    ]),
  )
  // The splits follow one another: every so-manyth point takes a share of each.
  const stride = Math.max(1, points.length / maxOwnPoints)
  const count = Math.min(points.length, maxOwnPoints)
  return Array.from({ length: count }, (_, index) => points[Math.floor(index * stride)] ?? [0, 0, 0])
}

/** In hundredths and within the plotted square; never −0. */
function rounded(coordinate: number): number {
  return Math.round(100 * Math.max(-extent, Math.min(extent, coordinate))) / 100 + 0
}

function distance([x0, y0]: OwnPoint, [x1, y1]: OwnPoint): number {
  return Math.hypot(x0 - x1, y0 - y1)
}
