/** The statement that makes the data, the same in both styles but for the axis order of images. */
import { quote, type Options } from '../catalogue/calls'
import { datasetInfo } from '../spec/datasets'
import type { CsvData } from '../spec/csvData'
import type { OwnPoint } from '../spec/ownPoints'
import { isSequences, type SequenceData } from '../spec/sequences'
import type { Spec, Style } from '../spec/schema'
import { labelEncoding, lookedUpTokens } from '../spec/targets'
import { printCall, width } from './printCall'

/** Whether some of the examples are kept for testing: not of a CSV file that is trained on as a whole. */
export function hasTestSplit({ data }: Pick<Spec, 'data'>): boolean {
  return data.trainFraction < 1
}

/** `const { train, test } = circle({ … })`, or `await digits({ … })`; points placed by hand bring their rows. */
export function dataStatement(spec: Spec, style: Style): string {
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
      options: [...csvOptions(data), ...tokensOption(spec), ...split, ...labelOption],
    })
  }
  if (data.kind === 'points') {
    const call = printCall({
      callee: callee('points'),
      positional: ['rows'],
      options: [...split, ...labelOption],
    })
    return [...rowsStatement(data.points), call].join('\n')
  }
  if (isSequences(data)) {
    return printCall({
      callee: callee(data.kind),
      options: [...sequenceOptions(data), ...split, ...labelOption],
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

/** Points placed by hand stand in the program: as many in a line as fit. */
function rowsStatement(points: readonly OwnPoint[]): string[] {
  const lines: string[] = []
  let line = ''
  for (const [horizontal, vertical, label] of points) {
    const row = `[${horizontal}, ${vertical}, ${label}],`
    if (line !== '' && line.length + 1 + row.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? `  ${row}` : `${line} ${row}`
  }
  return ['// x, y, class', 'const rows = [', ...lines, line, ']']
}

/** What an embedding looks up has to be integers, and as many as it has rows. */
function tokensOption({ model }: Spec): Options {
  const tokens = lookedUpTokens(model)
  return tokens === undefined ? [] : [['tokens', String(tokens)]]
}

function sequenceOptions(data: SequenceData & { readonly samples: number }): Options {
  return [
    ['samples', String(data.samples)],
    ['minLength', String(data.minLength)],
    ['maxLength', String(data.maxLength)],
    ...(data.padded ? [['padded', 'true'] as const] : []),
    ...(data.classes === undefined ? [] : [['classes', String(data.classes)] as const]),
  ]
}

function csvOptions({ features, label, task, classes, standardise, standardiseLabel }: CsvData): Options {
  return [
    ['features', `[${features.map(quote).join(', ')}]`],
    ['label', quote(label)],
    ['task', quote(task)],
    ...(classes === undefined ? [] : [['classes', String(classes)] as const]),
    ...(standardise ? [['standardise', 'true'] as const] : []),
    ...(standardiseLabel ? [['standardiseLabel', 'true'] as const] : []),
  ]
}
