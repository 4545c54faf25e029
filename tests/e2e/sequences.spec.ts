import { expect, test } from '@playwright/test'
import type { Experiment } from '../../src/lib/core/spec/schema'
import { violations } from './accessibility'
import { losses, PlaygroundPage, shortCircle } from './playgroundPage'

/** Lane A Keras-style static, lane B PyTorch-style eager, on backends that need no measuring. */
function sideBySide(): Experiment {
  const base = shortCircle(2)
  const [a, b] = base.lanes
  return {
    ...base,
    lanes: [
      { ...a, execution: 'static', backend: 'wasm' },
      { ...b, execution: 'eager', backend: 'cpu' },
    ],
  }
}

test('sequences of different length train in a static and an eager lane, from the choice on the page', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  await playground.open(sideBySide())
  const data = page.getByRole('region', { name: 'Data' })
  await data.getByLabel('Dataset').selectOption({ label: 'First token' })
  await data.getByLabel('Samples').fill('200')
  await data.getByLabel('Longest').fill('4')
  await data.getByLabel('Longest').press('Enter')
  await expect(data.getByRole('img', { name: /First token: .* 160 training and 40 test/ })).toBeVisible()
  await expect(playground.lane('A').getByText('Input({ shape: [null] })')).toBeVisible()

  await playground.runToEnd()
  for (const id of ['A', 'B'] as const) {
    const figure = playground
      .lane(id)
      .getByRole('figure', { name: /Test sequences of lane . after step \d+: \d+ of 10 right/ })
    await expect(figure.getByRole('row')).toHaveCount(11)
    await expect(figure.getByRole('row').nth(1)).toContainText(/[ABC].*[ABC] [\d.]+ %/)
  }
  expect(await violations(page)).toEqual([])
  await playground.lane('A').getByRole('tab', { name: 'Signatures' }).click()
  for (const length of [2, 3, 4]) {
    await expect(playground.lane('A').getByText(`int32[32, ${length}]`).first()).toBeVisible()
  }
  const [a, b] = [losses(await playground.events('A')), losses(await playground.events('B'))]
  expect(a.length).toBeGreaterThanOrEqual(12)
  expect(Math.max(...a.map((loss, index) => Math.abs(loss - (b[index] ?? NaN))))).toBeLessThan(1e-4)
})

test('the loop over time is traced for every shape of a batch', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(sideBySide())
  await page.getByRole('button', { name: 'Try' }).click()
  await page.getByRole('button', { name: 'A loop over time' }).click()
  await expect(page.getByLabel('Dataset')).toHaveValue('recall')
  await expect(playground.lane('B').getByText('for (let t = 0; t < x.size(1); t++)')).toBeVisible()
  await playground.runToEnd()
  await playground.lane('A').getByRole('tab', { name: 'Signatures' }).click()
  await expect(playground.lane('A').getByText('int32[32, 6]').first()).toBeVisible()
})
