/** The CSV file that an experiment uses, and the ones that this browser keeps between visits. */
import type { CsvFile } from '$lib/workers/csvProtocol'
import { csvStore, type CsvShelf } from './csvStore'

/** The CSV file of the experiment. */
export class CsvFiles {
  #current = $state.raw<CsvFile | null>(null)
  #isKept = $state<boolean | null>(null)

  constructor(private readonly shelf: CsvShelf = csvStore) {}

  /** The file that was used last; null before any. */
  get current(): CsvFile | null {
    return this.#current
  }

  /** Whether a reload finds it again; null until that is known. */
  get isKept(): boolean | null {
    return this.#isKept
  }

  /** Uses a file, and keeps it for the next visit too. */
  use(file: CsvFile): void {
    if (file.hash === this.#current?.hash && this.#isKept !== null) return
    this.#current = file
    this.#isKept = null
    void this.shelf
      .keep(file)
      .catch(() => false)
      .then((isKept) => {
        if (this.#current === file) this.#isKept = isKept
      })
  }

  /** A file of an earlier visit by its content; null where it is not kept here. */
  find(hash: string | undefined): Promise<CsvFile | null> {
    if (hash === undefined) return Promise.resolve(null)
    return this.shelf.find(hash).catch(() => null)
  }
}
