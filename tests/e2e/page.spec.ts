import { expect, test } from '@playwright/test'
import { violations } from './accessibility'
import { losses, PlaygroundPage, shortCircle } from './playgroundPage'

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    test(`axe finds nothing, ${colorScheme}, ${viewport.width} wide`, async ({ page }) => {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      const playground = new PlaygroundPage(page)
      await playground.open(shortCircle(2, { backend: 'cpu' }))
      expect(await violations(page)).toEqual([])
      await playground.runToEnd()
      expect(await violations(page)).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
      await page.goto('./models/')
      expect(await violations(page)).toEqual([])
    })
  }
}

test('runs by keyboard alone, and not from within a field', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  await page.keyboard.press('Control+Enter')
  await expect(playground.lane('A').getByText('Finished')).toBeVisible()
  await expect(playground.lane('B').getByText('Finished')).toBeVisible()
  await page.keyboard.press('Alt+r')
  await expect(playground.lane('A').getByText('Ready')).toBeVisible()
})

test('a truncated link says what is wrong, keeps the current experiment, and starts nothing', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(7, { backend: 'cpu' }))
  const link = page.url()
  await page.goto('./models/')
  await page.goto(link.slice(0, -40))
  await expect(page.getByText('This link cannot be opened')).toBeVisible()
  await expect(page.getByText(/expected a complete link/)).toBeVisible()
  await expect(playground.lane('A').getByText('Ready')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Epochs' })).toHaveValue('7')
})

test('a wrong file says which entry is wrong and keeps the current experiment', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(1, { backend: 'cpu' }))
  const wrong = JSON.stringify({
    version: 1,
    data: { kind: 'circle' },
    model: { layers: [{ type: 'dense', units: 'many' }] },
  })
  await page.getByLabel('Experiment file').setInputFiles({
    name: 'wrong.json',
    mimeType: 'application/json',
    buffer: Buffer.from(wrong),
  })
  await expect(page.getByText(/model\.layers\[0\]\.units: expected/)).toBeVisible()
  await playground.runToEnd()
  expect(losses(await playground.events('A'))).toHaveLength(8)
})

test('closing the tab and coming back restores spec and lane settings', async ({ context, page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(11, { backend: 'wasm' }))
  await page.getByLabel('Style of lane B').selectOption({ label: 'Keras-style' })
  await page.close()
  const again = await context.newPage()
  await again.goto('./')
  await expect(again.getByLabel('Style of lane B')).toHaveValue('keras')
  await expect(again.getByLabel('Backend of lane A')).toHaveValue('wasm')
  await expect(again.getByRole('textbox', { name: 'Epochs' })).toHaveValue('11')
})

test('the address holds every change, and a reload keeps it', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  const before = page.url()
  await page.getByRole('textbox', { name: 'Epochs' }).fill('13')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.url()).not.toBe(before)
  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await expect(page.getByRole('textbox', { name: 'Epochs' })).toHaveValue('13')
})

test('chart data is also a table', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  await playground.runToEnd()
  await page.getByText('Table of Loss').click()
  const table = page.getByRole('region', { name: 'Loss table' })
  await expect(table.getByRole('row')).toHaveCount(17)
  const last = await table.getByRole('row').last().innerText()
  expect(last).toMatch(/^16\s+0\.\d+\s+0\.\d+/)
})

test('every preset opens from the gallery, starts nothing, and gives a verdict after its run', async ({
  page,
}) => {
  await page.goto('./models/')
  const presets = page.getByRole('main').getByRole('link').and(page.locator('[href*="#preset="]'))
  await expect(presets).toHaveCount(8)
  await presets.filter({ hasText: /Linear regression/i }).click()
  const playground = new PlaygroundPage(page)
  await expect(playground.lane('A').getByText('Ready')).toBeVisible()
  const lesson = page.getByRole('region', { name: /Linear regression/i })
  await expect(lesson).toBeVisible()
  for (const id of ['A', 'B']) await page.getByLabel(`Backend of lane ${id}`).selectOption('cpu')
  await playground.runToEnd()
  await expect(lesson).toContainText(/\d/)
})
