/** Modules as PyTorch prints them. */
import { printShape } from '../../util/shapes'
import { isNumbers } from './listing'

/** Name and settings, or name and children, a line for each. */
export function printModule(
  className: string,
  children: readonly (readonly [name: string, child: unknown])[],
  settings: () => string,
): string {
  if (children.length === 0) return `${className}(${settings()})`
  const lines = children.map(([name, child]) => `  (${name}): ${String(child).replaceAll('\n', '\n  ')}`)
  return [`${className}(`, ...lines, ')'].join('\n')
}

/** The fields of a module that are numbers, texts, flags or lists of numbers. */
export function printSettings(module: object): string {
  const isShown = (value: unknown) => ['number', 'string', 'boolean'].includes(typeof value)
  return Object.entries(module)
    .filter(([, value]) => isShown(value) || isNumbers(value))
    .map(
      ([name, value]: [string, unknown]) => `${name}=${isNumbers(value) ? printShape(value) : String(value)}`,
    )
    .join(', ')
}
