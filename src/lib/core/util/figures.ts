/** How measured numbers are written: short, with a fixed number of significant digits. Ticks of axes have their own. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

/** A number in `digits` significant digits, a tiny or huge one in one fewer: `0.0213`, `3.1e-8`, `1,024`, `NaN`, `–`. */
export function formatFigure(value: number | undefined, digits = 3): string {
  if (value === undefined) return '–'
  if (Number.isNaN(value)) return 'NaN'
  const size = Math.abs(value)
  if (size === Infinity) return value > 0 ? '∞' : '-∞'
  if (size === 0) return '0'
  if (size < 1e-3 || size >= 1e6) return value.toExponential(digits - 2).replace('+', '')
  return size < 10 ** (digits - 1) ? value.toPrecision(digits) : whole.format(value)
}

/** A count that may be a mean: `3`, `1.5`, `106`, `1,024`. */
export function formatCount(value: number): string {
  return (value < 100 ? tenths : whole).format(value)
}

/** A duration with its unit: `812 µs`, `1.25 ms`, `12.3 ms`, `1.20 s`. */
export function formatMs(durationMs: number): string {
  if (durationMs < 1) return `${String(Math.round(durationMs * 1000))} µs`
  if (durationMs < 10) return `${durationMs.toFixed(2)} ms`
  if (durationMs < 1000) return `${durationMs.toFixed(durationMs < 100 ? 1 : 0)} ms`
  return `${(durationMs / 1000).toFixed(2)} s`
}

/** A size in memory, in powers of 1024: `640 B`, `12.4 KB`, `3.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${String(Math.round(bytes))} B`
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KB`
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

/** A share of one as a percentage: `97.2 %`, `NaN`, `–`. */
export function formatShare(share: number | undefined): string {
  return Number.isFinite(share) ? `${(Number(share) * 100).toFixed(1)} %` : formatFigure(share)
}
