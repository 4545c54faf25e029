import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'

for (const { model, style, execution } of [
  { model: 'Circle', style: 'Keras-style', execution: 'eager' },
  { model: 'Spiral', style: 'PyTorch-style', execution: 'static' },
]) {
  test(`${model}, ${style}, ${execution}: the exported file answers as the lane does`, async ({ page }) => {
    await page.goto('./models/')
    const panel = page.getByRole('region', { name: 'Does a model survive its framework?' })
    await panel.getByLabel('Model').selectOption({ label: model })
    await panel.getByLabel(style).check()
    await panel.getByLabel(execution, { exact: true }).check()
    await panel.getByRole('button', { name: 'Train, export, compare' }).click()
    await expect(panel.getByText('Equal to 0.00001')).toBeVisible({ timeout: 60_000 })
    const difference = panel.getByRole('row', { name: 'the lane’s model, exported' }).getByRole('cell')
    expect(Number(await difference.innerText())).toBeLessThanOrEqual(1e-5)
    await expect(panel.getByRole('img', { name: 'In the lane: answers at 1600 points.' })).toBeVisible()
    await expect(
      panel.getByRole('img', { name: 'As a file in onnxruntime-web: answers at 1600 points.' }),
    ).toBeVisible()
  })
}

test('the shipped file runs without any training', async ({ page }) => {
  await page.goto('./models/')
  const panel = page.getByRole('region', { name: 'Does a model survive its framework?' })
  await panel.getByLabel('Model').selectOption({ label: 'Digits, dense net' })
  await panel.getByRole('button', { name: 'Run the shipped model.onnx' }).click()
  const picture = panel.getByRole('img', { name: /^As a file in onnxruntime-web: \d+ of 48 digits right/ })
  await expect(picture).toBeVisible({ timeout: 60_000 })
  const [right] = /\d+/.exec((await picture.getAttribute('aria-label')) ?? '') ?? []
  expect(Number(right)).toBeGreaterThanOrEqual(40)
})

test('every preset offers its files', async ({ page }) => {
  await page.goto('./models/')
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'model.onnx' }).first().click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('linear-regression-model.onnx')
  const shipped = await readFile('models/linear-regression/model.onnx')
  expect(await readFile(await download.path())).toEqual(shipped)
  const links = await page.getByRole('list', { name: 'Files' }).getByRole('link').allInnerTexts()
  expect(links).toHaveLength(8 * 3)
})
