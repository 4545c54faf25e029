/** The statement that makes the data, the same in both styles but for the axis order of images. */
import { datasetInfo } from '../spec/datasets'
import type { Spec, Style } from '../spec/schema'
import { labelEncoding } from '../spec/targets'
import { printCall, quote, type Options } from './printCall'

/** `const { train, test } = circle({ … })`, or `await digits({ … })`. */
export function dataStatement(spec: Spec, style: Style): string {
  const { data, seed } = spec
  const labels = labelEncoding(spec)
  const labelOption: Options = labels === null ? [] : [['labels', quote(labels)]]
  const split: Options = [
    ['trainFraction', String(data.trainFraction)],
    ['seed', String(seed)],
  ]
  const callee = (call: string) => `const { train, test } = ${call}`
  if (data.kind === 'digits') {
    const isAll = data.samples === datasetInfo('digits').defaults.samples
    const samples: Options = isAll ? [] : [['samples', String(data.samples)]]
    const axes: Options = style === 'torch' ? [['channelsFirst', 'true']] : []
    return printCall({
      callee: callee('await digits'),
      options: [...samples, ...split, ...labelOption, ...axes],
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
