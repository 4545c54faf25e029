/** A lesson on screen: it stays when the reader tries out what it suggests and so leaves its preset. */
export class OpenLesson {
  /** Index of the choice that the reader expects to come true; null before the guess. */
  guess = $state<number | null>(null)

  /** `preset` is the folder of the preset that the lesson belongs to. */
  constructor(readonly preset: string) {}
}
