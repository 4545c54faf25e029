/** What translated programs are said to need is what they were run in. */
import { expect, it } from 'vitest'
import { requirements } from '../../src/lib/core/codegen/python'
import { readLosses } from './pythonRuns'

const minor = (version: string) => version.split('.').slice(0, 2).join('.')

it.each([
  ['torch', 'PyTorch'],
  ['keras', 'Keras'],
] as const)('%s: names the version that the losses were recorded in', (style, name) => {
  expect(requirements[style].text).toContain(`${name} ${minor(readLosses(style).version)}`)
})
