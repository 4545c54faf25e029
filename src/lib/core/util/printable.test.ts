import { expect, it } from 'vitest'
import { limits } from './laneLimits'
import { printable } from './printable'

it('leaves a text that fits as it is, also of the most lines', () => {
  const text = Array.from({ length: limits.printedLines }, (_, line) => `line ${line}\tof it`).join('\n')
  expect(printable(text)).toBe(text)
})

it('cuts a text of many lines and says how many more there were', () => {
  const cut = printable('\n'.repeat(1999))
  expect(cut).toBe(`${'\n'.repeat(limits.printedLines - 1)}… 1,941 more lines`)
  expect(printable(cut)).toBe(cut)
})

it('cuts long lines too, and stays within the limit', () => {
  const cut = printable(`${'x'.repeat(100)}\n`.repeat(1000))
  expect(cut).toMatch(/… \d+ characters more\n… 942 more lines$/)
  expect(cut.length).toBeLessThanOrEqual(limits.printedText)
})

it('shows what cannot be seen, and any end of a line as one', () => {
  expect(printable('a\u202Eb\r\nc\rd\u2028')).toBe(String.raw`a\u202Eb` + '\nc\nd' + String.raw`\u2028`)
  expect(printable('\u202E'.repeat(2000)).length).toBeLessThanOrEqual(limits.printedText)
})
