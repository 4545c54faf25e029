/** What translated programs are said to need is what they were run in and checked against. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { requirements } from '../../src/lib/core/codegen/python'

const read = (file: string) => JSON.parse(readFileSync(`tests/golden/${file}`, 'utf8')) as unknown
const minor = (version: string) => version.split('.').slice(0, 2).join('.')

it('names the version of PyTorch that the losses were recorded in', () => {
  const { torch } = read('torchLosses.json') as { readonly torch: string }
  expect(requirements.torch.text).toContain(`PyTorch ${minor(torch)}`)
  expect(requirements.torch.packages).toContain(`torch>=${minor(torch)}`)
})

it('names the version of Keras whose signatures are listed', () => {
  const { version } = read('kerasSignatures.json') as { readonly version: string }
  expect(requirements.keras.text).toContain(`Keras ${minor(version)}`)
})
