/** A digit that is being drawn: its strokes, and the image that a network gets of them. */
import { drawnDigit, type Stroke } from '$lib/core/data/drawnDigit'

/** A digit as somebody draws it. */
export class Drawing {
  #strokes = $state.raw<readonly Stroke[]>([])
  /** The last stroke still grows. */
  #isPenDown = $state(false)
  /** Strokes before the last clearing, which can be undone once. */
  #cleared = $state.raw<readonly Stroke[] | null>(null)
  /** 28 × 28 in 0..1, row by row. */
  readonly pixels = $derived(drawnDigit(this.#strokes))

  get strokes(): readonly Stroke[] {
    return this.#strokes
  }

  get isPenDown(): boolean {
    return this.#isPenDown
  }

  get isEmpty(): boolean {
    return this.#strokes.length === 0
  }

  get canUndo(): boolean {
    return !this.isEmpty || this.#cleared !== null
  }

  /** Begins a stroke; coordinates are shares of the pad, from its top left. */
  begin(x: number, y: number): void {
    this.#cleared = null
    this.#isPenDown = true
    this.#strokes = [...this.#strokes, [x, y]]
  }

  /** Draws on to a point, while the pen is down. */
  extend(x: number, y: number): void {
    const last = this.#strokes.at(-1)
    if (!this.#isPenDown || last === undefined) return
    this.#strokes = [...this.#strokes.slice(0, -1), [...last, x, y]]
  }

  end(): void {
    this.#isPenDown = false
  }

  /** Takes back the last stroke, or the clearing. */
  undo(): void {
    this.end()
    this.#strokes = this.#cleared ?? this.#strokes.slice(0, -1)
    this.#cleared = null
  }

  clear(): void {
    this.end()
    if (this.isEmpty) return
    this.#cleared = this.#strokes
    this.#strokes = []
  }
}
