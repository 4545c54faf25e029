/** The page's address: which link it was opened by, and which experiment it stands for. Writes nothing itself. */
import type { ExperimentState } from './experiment.svelte'

export class Address {
  #hash: string
  #fragment: string

  /** Brings back the last visit, then opens the link in `hash` if there is one. */
  constructor(
    private readonly experiment: ExperimentState,
    hash: string,
  ) {
    experiment.restore(hash)
    this.#hash = hash
    this.#fragment = experiment.fragment
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
