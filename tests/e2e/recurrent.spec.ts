import { expect, test } from '@playwright/test'
import { violations } from './accessibility'
import { losses, PlaygroundPage, shortCircle } from './playgroundPage'

/** Sequences of five tokens from 0 to 8; the first one tells the class. 60 rows. */
const tokens = [
  't0,t1,t2,t3,t4,big',
  ...Array.from({ length: 60 }, (_, row) => {
    const sequence = [row, row + 3, 5 * row, 7 * row + 1, row * row].map((value) => value % 9)
    return [...sequence, Number((sequence[0] ?? 0) > 4)].join(',')
  }),
].join('\n')

test('a net on sequences is built from the menu and trains alike in both styles and executions', async ({
  page,
}) => {
  const base = shortCircle(4, { backend: 'cpu' })
  const [a, b] = base.lanes
  const playground = new PlaygroundPage(page)
  await playground.open({ ...base, lanes: [a, { ...b, execution: 'static', backend: 'wasm' }] })
  const model = page.getByRole('region', { name: 'Model' })
  const add = model.getByRole('button', { name: 'Add layer' })
  await add.click()
  await expect(model.getByRole('button', { name: 'Dropout', exact: true })).toBeVisible()
  await expect(model.getByRole('button', { name: 'LSTM', exact: true })).toHaveCount(0)
  await page.keyboard.press('Escape')

  await page.getByLabel('Dataset').selectOption({ label: 'CSV file …' })
  const dialog = page.getByRole('dialog', { name: 'CSV file' })
  await dialog
    .getByLabel('CSV file', { exact: true })
    .setInputFiles({ name: 'tokens.csv', mimeType: 'text/csv', buffer: Buffer.from(tokens) })
  await dialog.getByRole('checkbox', { name: /^Standardise/ }).uncheck()
  await dialog.getByRole('button', { name: 'Use this file' }).click()
  await expect(dialog).toBeHidden()

  await add.click()
  await model.getByRole('button', { name: 'LSTM', exact: true }).click()
  await expect(model.getByRole('button', { name: /Embedding/ })).toBeVisible()
  await model.getByRole('button', { name: /LSTM/ }).click()
  await model.getByLabel('Units').fill('6')
  await model.getByLabel('Units').press('Enter')
  await expect(playground.lane('A').getByText('layers.LSTM(6)')).toBeVisible()
  await expect(playground.lane('B').getByText("formulation: 'keras'").first()).toBeVisible()
  expect(await violations(page)).toEqual([])

  await playground.runToEnd()
  // Keras has one bias where PyTorch has two: the meter compares what they amount to.
  const meter = page.getByText(/^max \|Δw\| .* at step 8$/)
  await expect(meter).toBeVisible()
  const [, weights] = /([\d.e-]+) at step/.exec(await meter.innerText()) ?? []
  expect(Number(weights)).toBeLessThan(1e-5)
  const first = losses(await playground.events('A'))
  const second = losses(await playground.events('B'))
  expect(first).toHaveLength(8)
  for (const [step, loss] of first.entries()) {
    expect(Math.abs(loss - (second[step] ?? NaN))).toBeLessThan(1e-5)
  }
})
