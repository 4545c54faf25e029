/** Sums that stay on the backend over many batches and are read once. */
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'

/** Must be disposed. */
export class RunningSums {
  #sums: (tf.Tensor | undefined)[] = []

  /** Adds a scalar to the sum at `index`. */
  add(index: number, value: tf.Tensor): void {
    const sum = this.#sums[index]
    this.#sums[index] = tf.keep(sum ? tf.add(sum, value) : tf.clone(value))
    sum?.dispose()
  }

  /** The sums by index, with 0 where nothing was added; one read of the backend. */
  async read(): Promise<number[]> {
    const made = this.#sums.filter((sum) => sum !== undefined)
    if (made.length === 0) return []
    const stacked = tf.keep(tf.tidy(() => tf.stack(made)))
    const values = Array.from(await readBack(stacked))
    stacked.dispose()
    // Array.from also goes through indices at which nothing was added.
    return Array.from(this.#sums, (sum) => (sum ? (values.shift() ?? NaN) : 0))
  }

  dispose(): void {
    for (const sum of this.#sums) sum?.dispose()
    this.#sums = []
  }
}
