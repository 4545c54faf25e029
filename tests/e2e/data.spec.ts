import { expect, test, type Page } from '@playwright/test'
import { violations } from './accessibility'
import { PlaygroundPage, shortCircle } from './playgroundPage'

async function openPoints(page: Page) {
  await page.getByLabel('Dataset').selectOption({ label: 'Own points …' })
  const dialog = page.getByRole('dialog', { name: 'Own points' })
  await expect(dialog).toBeVisible()
  return { dialog, plane: dialog.getByRole('button', { name: /^(Add a point|Erase the point)/ }) }
}

test('points are placed by pointer, undone, erased, trained on, and travel in the link', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(3, { backend: 'cpu' }))
  const { dialog, plane } = await openPoints(page)
  const use = dialog.getByRole('button', { name: 'Use these points' })
  await expect(use).toHaveAttribute('aria-disabled', 'true')
  await expect(dialog.getByText('Needs 2 points or more of class 0 and class 1.')).toBeVisible()

  for (const [x, y] of [
    [60, 60],
    [90, 140],
    [120, 80],
  ] as const) {
    await plane.click({ position: { x, y } })
  }
  await dialog.getByRole('radio', { name: 'Class 1' }).check()
  for (const [x, y] of [
    [250, 250],
    [280, 200],
    [220, 280],
  ] as const) {
    await plane.click({ position: { x, y } })
  }
  await expect(dialog.getByText('6 of at most 500 points: 3 of class 0, 3 of class 1.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Undo' }).click()
  await expect(dialog.getByText(/^5 of/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Redo' }).click()
  await dialog.getByRole('radio', { name: 'Erase' }).check()
  await plane.click({ position: { x: 60, y: 60 } })
  await expect(dialog.getByText(/^5 of at most 500 points: 2 of class 0/)).toBeVisible()
  await use.click()
  await expect(dialog).toBeHidden()

  await expect(page.getByLabel('Dataset')).toHaveValue('points')
  await expect(page.getByRole('img', { name: /3 training and 2 test examples, 2 classes/ })).toBeVisible()
  await playground.runToEnd()
  const link = page.url()
  await page.goto('./models/')
  await page.goto(link)
  await expect(page.getByRole('img', { name: /3 training and 2 test examples/ })).toBeVisible()
})

test('points are placed with the keyboard alone, and cancelled edits change nothing', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(3, { backend: 'cpu' }))
  const { dialog, plane } = await openPoints(page)
  await plane.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowUp')
  await expect(plane).toHaveAccessibleName('Add a point of class 0 at x 0.05, y 0.05')
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText(/^2 of/)).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(dialog.getByText(/^1 of/)).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(dialog.getByText(/^2 of/)).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByLabel('Dataset')).toHaveValue('circle')
  await expect(playground.lane('A').getByText('Ready')).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    test(`axe finds nothing where points are placed, ${colorScheme}, ${viewport.width} wide`, async ({
      page,
    }) => {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const playground = new PlaygroundPage(page)
      await playground.open(shortCircle(2, { backend: 'cpu' }))
      const { dialog } = await openPoints(page)
      await dialog.getByRole('button', { name: 'Start from Circle' }).click()
      await dialog.getByText('Points as a table').click()
      expect(await violations(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Use these points' }).click()
      await expect(page.getByRole('button', { name: 'Edit points …' })).toBeVisible()
      expect(await violations(page)).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
    })
  }
}
