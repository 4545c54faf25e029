/** A number that is still on its way: being read back, or the result of a step that has not run yet. */
export interface PendingNumber {
  /** The number once it is there. */
  readonly arrived: number | undefined
  /** Settles when the number is there; does nothing to bring it. */
  settled(): Promise<number>
}

/** Whether a logged value is a number on its way. */
export function isPendingNumber(value: unknown): value is PendingNumber {
  return typeof value === 'object' && value !== null && 'arrived' in value && 'settled' in value
}
