/** Numbers as they stand on axes, in readouts and in tables. */

/** A tick: short, exact enough to tell neighbours apart. `1200` → `1.2k`, `0.00001` → `1e-5`. */
export function formatTick(value: number): string {
  const size = Math.abs(value)
  if (value === 0) return '0'
  if (size >= 1e6) return `${trim((value / 1e6).toFixed(2))}M`
  if (size >= 1e4 || (size >= 1e3 && value % 100 === 0)) return `${trim((value / 1e3).toFixed(2))}k`
  if (size < 1e-3) return scientific(value, 1)
  return trim(value.toPrecision(4))
}

/** A tick of a share in 0..1 as a percentage. */
export function formatPercentTick(value: number): string {
  return `${trim((value * 100).toFixed(1))} %`
}

/** A measured value in four significant digits; NaN and infinities by name, nothing as a dash. */
export function formatValue(value: number | undefined): string {
  if (value === undefined) return '–'
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return scientific(value, 3)
  return size >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(4)
}

/** A measured share in 0..1 as a percentage with one decimal. */
export function formatPercent(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return formatValue(value)
  return `${(value * 100).toFixed(1)} %`
}

/** Whole numbers with thousands separators. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en')
}

/** Ticks of a logarithmic axis worth a label: 1, 2 and 5 times a power of ten, or the powers only. */
export function isLabelledOnLogAxis(value: number, decades: number): boolean {
  if (value <= 0) return false
  const mantissa = Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(3))
  return mantissa === 1 || (decades < 3 && (mantissa === 2 || mantissa === 5))
}

function scientific(value: number, digits: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(digits).split('e')
  return `${trim(mantissa)}e${Number(exponent)}`
}

/** Drops zeros that end a decimal fraction. */
function trim(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
