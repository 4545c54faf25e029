/** A seed of its own for what is drawn from it, such as a split. Source: torch.Generator. */
export class Generator {
  /** What was set last; 0 before. */
  initialSeed = 0

  manualSeed(seed: number): this {
    this.initialSeed = seed
    return this
  }
}
