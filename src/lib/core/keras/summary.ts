/** The table that `model.summary()` prints. */
import type { Layer } from './layers/layer'

const headings = ['Layer (type)', 'Output Shape', 'Param #'] as const

/** Keras' summary as text: one row per layer, then the number of weights and their bytes. Layers must be built. */
export function summaryText(modelName: string, layers: readonly Layer[]): string {
  const rows = layers.map((layer) => [
    `${layer.name} (${layer.className})`,
    `(${['None', ...layer.outputShape].join(', ')})`,
    layer.countParams().toLocaleString('en'),
  ])
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right
  const line = (cells: readonly string[]) =>
    `│ ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(' │ ')} │`
  const params = layers.reduce((sum, layer) => sum + layer.countParams(), 0)
  return [
    `Model: "${modelName}"`,
    rule('┌', '┬', '┐'),
    line(headings),
    rule('├', '┼', '┤'),
    ...rows.map(line),
    rule('└', '┴', '┘'),
    `Total params: ${params.toLocaleString('en')} (${bytes(params * 4)})`,
  ].join('\n')
}

/** Numbers to the right, as in Keras. */
function pad(cell: string, width: number, column: number): string {
  return column === 2 ? cell.padStart(width) : cell.padEnd(width)
}

function bytes(count: number): string {
  if (count < 1024) return `${count} B`
  return count < 1024 ** 2 ? `${(count / 1024).toFixed(2)} KB` : `${(count / 1024 ** 2).toFixed(2)} MB`
}
