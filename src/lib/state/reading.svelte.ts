/** What one lane's model reads in a drawing, asked again as the drawing changes and the lane trains. */
import type { Classification } from '$lib/workers/protocol'
import type { LaneQuestions } from './laneQuestions'

/** Questions follow one another no faster, in milliseconds. */
const leastGapMs = 60
/** A lane that is slow to answer is asked less often: it has to train as well. */
const gapPerAnswerMs = 2
const mostGapMs = 500

/** What the models read in a drawn digit. */
export class Reading {
  #answer = $state.raw<Classification | null>(null)
  #problem = $state<string | null>(null)
  #wanted: Float32Array | null = null
  #isAsking = false
  /** Counts what makes an answer on its way worthless. */
  #generation = 0

  constructor(private readonly questions: Pick<LaneQuestions, 'classify'>) {}

  /** The newest answer; null before there is one. */
  get answer(): Classification | null {
    return this.#answer
  }

  /** Why there is none. */
  get problem(): string | null {
    return this.#problem
  }

  /** The likeliest digit with its share; null where the answers are not numbers. */
  readonly best = $derived.by(() => {
    const values = this.#answer?.values
    if (!values?.every(Number.isFinite)) return null
    const share = Math.max(...values)
    return { digit: values.indexOf(share), share }
  })

  /** Asks about these pixels, as soon as the question before is answered. */
  ask(pixels: Float32Array): void {
    this.#wanted = pixels
    if (!this.#isAsking) void this.#askInTurn()
  }

  /** Forgets the answer, and one that is on its way. */
  clear(): void {
    this.#wanted = null
    this.#generation++
    this.#answer = null
    this.#problem = null
  }

  async #askInTurn(): Promise<void> {
    this.#isAsking = true
    while (this.#wanted !== null) {
      const pixels = this.#wanted
      this.#wanted = null
      const start = performance.now()
      await this.#askOnce(pixels)
      const gap = Math.max(leastGapMs, gapPerAnswerMs * (performance.now() - start))
      await new Promise((resolve) => setTimeout(resolve, Math.min(gap, mostGapMs)))
    }
    this.#isAsking = false
  }

  async #askOnce(pixels: Float32Array): Promise<void> {
    const generation = this.#generation
    const outcome = await this.questions
      .classify(pixels)
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
    if (generation !== this.#generation) return
    this.#answer = outcome instanceof Error ? null : outcome
    this.#problem = outcome instanceof Error ? outcome.message : null
  }
}
