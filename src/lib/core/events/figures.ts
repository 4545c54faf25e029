/** Numbers in sentences: three significant digits, no exponents a learner must decode unless tiny. */

/** 1,234 · 0.0312 · 3.1e-8. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : 'infinite'
  const size = Math.abs(value)
  if (size !== 0 && size < 1e-4) return value.toExponential(1)
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** A share of 1 in percent: 97.6 %. */
export function formatShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** A duration given in microseconds: 812 µs · 35 ms. */
export function formatMicroseconds(microseconds: number): string {
  return microseconds < 1000
    ? `${formatFigure(Math.round(microseconds))} µs`
    : `${formatFigure(microseconds / 1000)} ms`
}
