/** A graph as it is drawn: its layout comes from a worker, and the last one stays until the next is there. */
import { LayoutClient } from '$lib/workers/layoutClient'
import type { Drawing, GraphOutline } from '$lib/workers/layoutProtocol'

/** A graph's picture, made in a worker. */
export class GraphDrawing<Subject> {
  #shown = $state.raw<(Drawing & { readonly subject: Subject }) | null>(null)
  #problem = $state<string | null>(null)
  #asked = 0
  readonly #client = new LayoutClient()

  /** What is drawn, and where its parts are; null before the first layout. */
  get shown() {
    return this.#shown
  }
  /** Why what was asked for last could not be laid out; null where it could. */
  get problem() {
    return this.#problem
  }

  /** Lays out the outline of `subject`, unless something else is asked for meanwhile. */
  async show(subject: Subject, outline: GraphOutline): Promise<void> {
    const asked = ++this.#asked
    try {
      const drawing = await this.#client.draw(outline)
      if (asked !== this.#asked) return
      this.#shown = { subject, ...drawing }
      this.#problem = null
    } catch (error) {
      if (asked === this.#asked) this.#problem = error instanceof Error ? error.message : String(error)
    }
  }

  dispose(): void {
    this.#client.dispose()
  }
}
