/** Counts the batches that a run begins. Those that an earlier part of the run went through are left out. */

export class BatchCount {
  #begun = 0

  constructor(
    /** Batches that an earlier part of the run went through. */
    private readonly before: number,
  ) {}

  get begun(): number {
    return this.#begun
  }

  /** The next batch is one that an earlier part of the run went through. */
  get isBehind(): boolean {
    return this.#begun < this.before
  }

  /** The next batch is the first of this part of the run. */
  get isAtStart(): boolean {
    return this.#begun === this.before
  }

  /** No batch of this part of the run has begun: what the program logs was logged before. */
  get isRepeating(): boolean {
    return this.before > 0 && this.#begun <= this.before
  }

  add(): void {
    this.#begun++
  }
}
