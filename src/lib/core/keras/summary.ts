/** The table that `model.summary()` prints. */
import { at } from '../util/at'
import { openSize } from '../util/shapes'
import type { InnerWeight } from './layers/innerWeights'
import type { Layer } from './layers/layer'

const headings = ['Layer (type)', 'Output Shape', 'Param #'] as const

/** Keras' summary as text: one row per layer, then the number of weights and their bytes, by kind where not all are trained. Layers must be built. */
export function summaryText(
  modelName: string,
  layers: readonly Layer[],
  weights: readonly InnerWeight[],
): string {
  const rows = layers.map((layer) => [
    `${layer.name} (${layer.className})`,
    `(${['None', ...layer.outputShape.map((size) => (size === openSize ? 'None' : size))].join(', ')})`,
    layer.countParams().toLocaleString('en'),
  ])
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right
  const line = (cells: readonly string[]) =>
    `│ ${cells.map((cell, column) => pad(cell, at(widths, column), column)).join(' │ ')} │`
  const total = sizeOfAll(weights)
  const trained = sizeOfAll(weights.filter(({ isTrainable }) => isTrainable))
  return [
    `Model: "${modelName}"`,
    rule('┌', '┬', '┐'),
    line(headings),
    rule('├', '┼', '┤'),
    ...rows.map(line),
    rule('└', '┴', '┘'),
    `Total params: ${count(total)}`,
    ...(trained === total
      ? []
      : [`Trainable params: ${count(trained)}`, `Non-trainable params: ${count(total - trained)}`]),
  ].join('\n')
}

/** Numbers to the right, as in Keras. */
function pad(cell: string, width: number, column: number): string {
  return column === 2 ? cell.padStart(width) : cell.padEnd(width)
}

function sizeOfAll(weights: readonly InnerWeight[]): number {
  return weights.reduce((sum, { variable }) => sum + variable.size, 0)
}

function count(params: number): string {
  return `${params.toLocaleString('en')} (${bytes(params * 4)})`
}

function bytes(size: number): string {
  if (size < 1024) return `${size} B`
  return size < 1024 ** 2 ? `${(size / 1024).toFixed(2)} KB` : `${(size / 1024 ** 2).toFixed(2)} MB`
}
