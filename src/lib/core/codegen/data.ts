/** The statement that makes the data, the same in both styles but for the axis order of images. */
import { datasetInfo } from '../spec/datasets'
import type { CsvData } from '../spec/csvData'
import type { AnySpec, Style } from '../spec/schema'
import { labelEncoding } from '../spec/targets'
import { printCall, quote, type Options } from './printCall'

/** Whether some of the examples are kept for testing: not of a CSV file that is trained on as a whole. */
export function hasTestSplit({ data }: Pick<AnySpec, 'data'>): boolean {
  return data.trainFraction < 1
}

/** `const { train, test } = circle({ … })`, or `await digits({ … })`. */
export function dataStatement(spec: AnySpec, style: Style): string {
  const { data, seed } = spec
  const labels = labelEncoding(spec)
  const labelOption: Options = labels === null ? [] : [['labels', quote(labels)]]
  const split: Options = [
    ['trainFraction', String(data.trainFraction)],
    ['seed', String(seed)],
  ]
  const callee = (call: string) => `const { ${hasTestSplit(spec) ? 'train, test' : 'train'} } = ${call}`
  if (data.kind === 'digits') {
    const isAll = data.samples === datasetInfo('digits').defaults.samples
    const samples: Options = isAll ? [] : [['samples', String(data.samples)]]
    const axes: Options = style === 'torch' ? [['channelsFirst', 'true']] : []
    return printCall({
      callee: callee('await digits'),
      options: [...samples, ...split, ...labelOption, ...axes],
    })
  }
  if (data.kind === 'csv') {
    return printCall({
      callee: callee('await csv'),
      options: [...csvOptions(data), ...split, ...labelOption],
    })
  }
  const points: Options = [
    ['samples', String(data.samples)],
    ['noise', String(data.noise)],
  ]
  const classes: Options = data.kind === 'spiral' ? [['classes', String(data.classes)]] : []
  return printCall({
    callee: callee(data.kind),
    options: [...points, ...classes, ...split, ...labelOption],
  })
}

function csvOptions({ features, label, task, classes, standardise }: CsvData): Options {
  return [
    ['features', `[${features.map(quote).join(', ')}]`],
    ['label', quote(label)],
    ['task', quote(task)],
    ...(classes === undefined ? [] : [['classes', String(classes)] as const]),
    ...(standardise ? [['standardise', 'true'] as const] : []),
  ]
}
