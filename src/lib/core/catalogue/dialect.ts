/** The two styles of programs, and constants in which their frameworks differ. */

export const styles = ['keras', 'torch'] as const
/** Which API a program is written against. */
export type Style = (typeof styles)[number]

/** A default of each framework. */
export type PerStyle = Readonly<Record<Style, number>>

/** The style a program is written in, and the style whose constants and formulation it takes. */
export interface Dialect {
  readonly style: Style
  readonly reference: Style
}

/** `given`, or the constant of the reference style; undefined where it is the style's own default. */
export function explicit(
  given: number | undefined,
  defaults: PerStyle,
  { style, reference }: Dialect,
): number | undefined {
  const wanted = given ?? defaults[reference]
  return wanted === defaults[style] ? undefined : wanted
}

/** A default as people write it: 0.99, 1e-3. */
export function printDefault(value: number): string {
  return value > 0 && value < 0.01 ? value.toExponential() : String(value)
}

/** Both frameworks' defaults in a sentence: `epsilon 1e-3 in Keras, 1e-5 in PyTorch`. */
export function differing(subject: string, defaults: PerStyle, place = ''): string {
  const { keras, torch } = defaults
  return `${subject} ${printDefault(keras)}${place} in Keras, ${printDefault(torch)} in PyTorch`
}
