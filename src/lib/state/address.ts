/** The page's address: which link it was opened by, and which experiment it stands for. Writes nothing itself. */
import type { ExperimentState } from './experiment.svelte'

/** What a tab is left with before its address is written: the address, and the experiment that it should have had. */
const unwrittenKey = 'tandem.unwritten'

/** The page's address, which holds the experiment. */
export class Address {
  #hash: string
  #fragment: string

  /**
   * Brings back the last visit, then opens the link in `hash` if there is one: the experiment that this tab had there
   * when it was left, where its address was not written any more.
   */
  constructor(
    private readonly experiment: ExperimentState,
    hash: string,
  ) {
    const unwritten = takeUnwritten(hash)
    experiment.restore(unwritten ?? hash)
    this.#hash = hash
    this.#fragment = unwritten === null ? experiment.fragment : ''
  }

  /** Keeps for a reload what the address does not hold yet: nobody can write it while the page goes. */
  keepUnwritten(): void {
    if (!this.isBehind) return
    try {
      sessionStorage.setItem(unwrittenKey, JSON.stringify([this.#hash, this.experiment.fragment]))
    } catch {
      // Full or forbidden: what was changed in the last moment is lost.
    }
  }

  /** True once the experiment differs from the one that the address stands for. */
  get isBehind(): boolean {
    return this.experiment.fragment !== this.#fragment
  }

  /** Opens the link in `hash`. */
  open(hash: string): void {
    const before = this.experiment.fragment
    this.experiment.openLink(hash)
    this.#hash = hash
    if (this.experiment.fragment !== before) this.#fragment = this.experiment.fragment
  }

  /** Opens the link in `hash` unless it is the one that was opened or written last. */
  returnTo(hash: string): void {
    if (hash !== this.#hash) this.open(hash)
  }

  /** Notes that the address holds `fragment` now. */
  write(fragment: string): void {
    this.#hash = `#${fragment}`
    this.#fragment = fragment
  }
}

/** The link to what this tab had at the address `hash` when it was left; null for nothing. Given once. */
function takeUnwritten(hash: string): string | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(unwrittenKey) ?? 'null')
    sessionStorage.removeItem(unwrittenKey)
    if (!Array.isArray(kept) || kept[0] !== hash || typeof kept[1] !== 'string') return null
    return `#${kept[1]}`
  } catch {
    return null
  }
}
