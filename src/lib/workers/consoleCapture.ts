/** Sends what a program prints to its lane's console. */

type Level = 'log' | 'warn' | 'error'

const levels: Readonly<Record<string, Level>> = {
  log: 'log',
  info: 'log',
  debug: 'log',
  warn: 'warn',
  error: 'error',
}

/** Makes the worker's console call `print` in place of the browser's own. */
export function captureConsole(print: (level: Level, text: string) => void): void {
  for (const [method, level] of Object.entries(levels)) {
    Object.defineProperty(console, method, {
      value: (...values: unknown[]) => print(level, values.map(describe).join(' ')),
    })
  }
}

/** A printed value as one line of text. */
function describe(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return `${value.name}: ${value.message}`
  // Tensors and the like say better than JSON what they are.
  const text = (String as (value: unknown) => string)(value)
  if (typeof value !== 'object' || value === null || !text.startsWith('[object ')) return text
  try {
    return JSON.stringify(value)
  } catch {
    return text
  }
}
