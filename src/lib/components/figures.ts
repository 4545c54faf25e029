/** How measured numbers are written on the page: short, with a fixed number of significant digits. */

/** A number as people read it: `0.0213`, `3.1e-8`, `1,024`, `NaN`. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞'
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 1e-3) return value.toExponential(1).replaceAll('-', '−')
  if (size < 1) return value.toFixed(4)
  if (size < 100) return value.toPrecision(3)
  return Math.round(value).toLocaleString('en')
}

/** A count that may be a mean: `3`, `106`, `1.5`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })
}

/** A duration with its unit: `812 µs`, `1.25 ms`, `12 ms`, `1.20 s`. */
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

/** A share of one as a percentage: `97.2 %`. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : 'NaN'
}
