/** The statement that makes the data, the same in both styles but for the axis order of images. */
import { quote, type Options } from '../catalogue/calls'
import { dataFacts } from '../catalogue/data'
import type { Spec, Style } from '../spec/schema'
import { labelEncoding, lookedUpTokens } from '../spec/targets'
import { printCall } from './printCall'

/** Whether some of the examples are kept for testing: not of a CSV file that is trained on as a whole. */
export function hasTestSplit({ data }: Pick<Spec, 'data'>): boolean {
  return data.trainFraction < 1
}

/** `const { train, test } = circle({ … })`, or `await digits({ … })`; points placed by hand bring their rows. */
export function dataStatement(spec: Spec, style: Style): string {
  const { data, seed } = spec
  const labels = labelEncoding(spec)
  const { isAwaited, lines, positional, options, further } = dataFacts(data).call(data, {
    style,
    tokens: lookedUpTokens(spec.model),
  })
  const split: Options = [
    ['trainFraction', String(data.trainFraction)],
    ['seed', String(seed)],
    ...(labels === null ? [] : [['labels', quote(labels)] as const]),
  ]
  const parts = hasTestSplit(spec) ? 'train, test' : 'train'
  const call = printCall({
    callee: `const { ${parts} } = ${isAwaited ? 'await ' : ''}${data.kind}`,
    positional,
    options: [...options, ...split, ...further],
  })
  return [...lines, call].join('\n')
}
