/**
 * Watches what lanes' workers hold, arrays and objects included, where the browser tells: Chromium on a page that is
 * cross-origin isolated. An answer takes it 10 to 20 seconds, and a worker has to come to rest for it.
 */
import { formatBytes } from '../core/util/figures'
import { limits } from '../core/util/laneLimits'

/** What `performance.measureUserAgentSpecificMemory` gives. */
export interface MeasuredMemory {
  readonly breakdown: readonly {
    readonly bytes: number
    readonly attribution: readonly { readonly url?: string }[]
  }[]
}

type Measure = () => Promise<MeasuredMemory>

interface Watched {
  readonly url: string
  readonly onTooMuch: (message: string) => void
}

/** Between an answer and the next question: each costs a garbage collection. */
const restMs = 10_000

const rest = () => new Promise<void>((resolve) => setTimeout(resolve, restMs))

/** Ends workers that take more memory than they may. */
export class MemoryWatch {
  readonly #watched = new Set<Watched>()
  #isRunning = false

  constructor(
    private readonly measure: Measure | null = browserMeasure(),
    private readonly pause: () => Promise<void> = rest,
  ) {}

  /** Watches the worker that was started from `url` until the function that it gives is called. */
  watch(url: string, onTooMuch: (message: string) => void): () => void {
    const watched: Watched = { url, onTooMuch }
    this.#watched.add(watched)
    if (this.measure && !this.#isRunning) void this.#run(this.measure)
    return () => void this.#watched.delete(watched)
  }

  async #run(measure: Measure): Promise<void> {
    this.#isRunning = true
    try {
      while (this.#watched.size > 0) {
        this.#judge(await measure())
        await this.pause()
      }
    } catch {
      // The browser does not tell here.
    } finally {
      this.#isRunning = false
    }
  }

  #judge({ breakdown }: MeasuredMemory): void {
    for (const watched of this.#watched) {
      const own = breakdown.filter(({ attribution }) => attribution.some(({ url }) => url === watched.url))
      const bytes = own.reduce((sum, part) => sum + part.bytes, 0)
      if (bytes <= limits.memory) continue
      this.#watched.delete(watched)
      watched.onTooMuch(
        `memory: expected a lane of at most ${formatBytes(limits.memory)}, got ${formatBytes(bytes)}. Keep less of earlier steps.`,
      )
    }
  }
}

function browserMeasure(): Measure | null {
  const { measureUserAgentSpecificMemory } = performance as { measureUserAgentSpecificMemory?: Measure }
  const isTold = globalThis.crossOriginIsolated && measureUserAgentSpecificMemory !== undefined
  return isTold ? () => measureUserAgentSpecificMemory.call(performance) : null
}
