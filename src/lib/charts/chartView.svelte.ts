/** What all charts show together: axis, smoothing, visible range, and the step under the cursor. */
import type { Range, XAxis } from './xAxis'

/** Deepest zoom, as a share of the whole run. */
const smallestShare = 1e-5

/** View settings shared by the charts of a page. */
export class ChartView {
  #axis = $state<XAxis>('step')
  #window = $state.raw<Range | null>(null)
  /** Weight of the moving average, 0 (off) to below 1. */
  smoothing = $state(0)
  isLogarithmic = $state(false)
  /** The step that all charts read out; null reads the latest. */
  cursorStep = $state<number | null>(null)

  get axis(): XAxis {
    return this.#axis
  }

  /** A new axis starts unzoomed: ranges of one axis mean nothing on another. */
  set axis(axis: XAxis) {
    this.#axis = axis
    this.#window = null
  }

  get isZoomed(): boolean {
    return this.#window !== null
  }

  /** The visible range of an axis that reaches from 0 to `end`; follows the end while not zoomed. */
  range(end: number): Range {
    return this.#window ?? { min: 0, max: end }
  }

  /** Shows `range`, moved and cut to lie within 0..`end`; all of it means not zoomed. */
  show(range: Range, end: number): void {
    const width = Math.min(Math.max(range.max - range.min, end * smallestShare), end)
    const min = Math.min(Math.max(0, range.min), end - width)
    this.#window = width >= end ? null : { min, max: min + width }
  }

  /** Magnifies by `factor` around `center`, by default the middle. */
  zoom(factor: number, end: number, center?: number): void {
    const { min, max } = this.range(end)
    const middle = center ?? (min + max) / 2
    this.show({ min: middle - (middle - min) / factor, max: middle + (max - middle) / factor }, end)
  }

  /** Moves by a share of the visible width; positive goes right. */
  pan(share: number, end: number): void {
    const { min, max } = this.range(end)
    const distance = share * (max - min)
    this.show({ min: min + distance, max: max + distance }, end)
  }

  reset(): void {
    this.#window = null
  }
}
