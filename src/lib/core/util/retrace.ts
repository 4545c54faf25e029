/** Why a compiled function was traced again: what tells a call from the nearest earlier one. */

/** One thing that is different. */
export interface Difference {
  /** A guard is something outside of the function that it reads. */
  readonly kind: 'shape' | 'dtype' | 'argument' | 'guard'
  /** `tensor 1`, `argument 2`, or as the program has it: `config.scale`. */
  readonly name: string
  /** Where the program reads it; 0 where unknown. */
  readonly line: number
  readonly was: string
  readonly now: string
}

/** The nearest earlier signature of the function, and all that is different from it. */
export interface Retrace {
  readonly nearest: string
  readonly differences: readonly Difference[]
}

/** `config.scale (line 4) was 1 and is 2` */
export function differenceText({ name, line, was, now }: Difference): string {
  return `${name}${line > 0 ? ` (line ${line})` : ''} was ${was} and is ${now}`
}

/** All of them in one sentence without its end. */
export function differencesText({ differences }: Retrace): string {
  return differences.map(differenceText).join(', ')
}

/** `step: config.scale (line 4) was 1 and is 2.` */
export function retraceText(name: string, retrace: Retrace): string {
  return `${name}: ${differencesText(retrace)}.`
}
