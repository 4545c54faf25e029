/** Numbers as they stand on axes. */

/** A tick: short, exact enough to tell neighbours apart. `1200` → `1.2k`, `0.00001` → `1e-5`. */
export function formatTick(value: number): string {
  const size = Math.abs(value)
  if (value === 0) return '0'
  if (size >= 1e6) return `${trim((value / 1e6).toFixed(2))}M`
  if (size >= 1e4 || (size >= 1e3 && value % 100 === 0)) return `${trim((value / 1e3).toFixed(2))}k`
  if (size < 1e-3) return scientific(value)
  return trim(value.toPrecision(4))
}

/** A tick of a share in 0..1 as a percentage. */
export function formatPercentTick(value: number): string {
  return `${trim((value * 100).toFixed(1))} %`
}

/** Ticks of a logarithmic axis worth a label: 1, 2 and 5 times a power of ten, or the powers only. */
export function isLabelledOnLogAxis(value: number, decades: number): boolean {
  if (value <= 0) return false
  const mantissa = Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(3))
  return mantissa === 1 || (decades < 3 && (mantissa === 2 || mantissa === 5))
}

function scientific(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(1).split('e')
  return `${trim(mantissa)}e${exponent}`
}

/** Drops zeros that end a decimal fraction. */
function trim(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
