import { expect, test, type Page } from '@playwright/test'
import { PlaygroundPage, shortCircle } from './playgroundPage'

async function toModels(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Models', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Models', exact: true })).toBeVisible()
}

const preset = (page: Page, title: RegExp) =>
  page.getByRole('main').getByRole('link').and(page.locator('[href*="#preset="]')).filter({ hasText: title })

/** Starts both lanes and lets them train for a while. */
async function run(playground: PlaygroundPage): Promise<void> {
  await playground.button('Run both').click()
  for (const id of ['A', 'B'] as const) {
    await expect.poll(() => playground.step(id), { timeout: 60_000 }).toBeGreaterThan(5)
  }
}

test('a run is paused while another page is open, and goes on from where it was', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(4000, { backend: 'cpu' }))
  const lane = playground.lane('A')
  await lane.getByRole('tab', { name: 'Ledger' }).click()
  await run(playground)
  await toModels(page)
  await page.goBack()
  await expect(playground.button('Resume')).toBeVisible()
  await expect(lane.getByRole('tab', { name: 'Ledger' })).toHaveAttribute('aria-selected', 'true')
  const step = await playground.step('A')
  expect(step).toBeGreaterThan(5)
  await toModels(page)
  await page.getByRole('link', { name: 'Playground', exact: true }).click()
  await expect(playground.button('Resume')).toBeVisible()
  expect(await playground.step('A')).toBe(step)
  await playground.button('Resume').click()
  await expect.poll(() => playground.step('A')).toBeGreaterThan(step)
})

test('an edit just before leaving is in the address again', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(7, { backend: 'cpu' }))
  const before = page.url()
  await page.getByRole('textbox', { name: 'Epochs' }).fill('8')
  await page.keyboard.press('Enter')
  await toModels(page)
  await page.goBack()
  await expect(page.getByRole('textbox', { name: 'Epochs' })).toHaveValue('8')
  await expect.poll(() => page.url()).not.toBe(before)
})

test('a preset that is opened after a demonstration trains its own program', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(4000, { backend: 'cpu' }))
  await page.getByRole('button', { name: 'Try' }).click()
  await page.getByRole('button', { name: 'Print inside the step' }).click()
  await run(playground)
  await toModels(page)
  await preset(page, /Linear regression/i).click()
  for (const id of ['A', 'B'] as const) {
    await expect(playground.lane(id).getByText('Ready')).toBeVisible()
    expect(await playground.step(id)).toBe(0)
    await expect(playground.lane(id).getByText('Edited program')).toBeHidden()
    await expect(page.getByLabel(`Backend of lane ${id}`)).toHaveValue('cpu')
  }
  await expect(page.getByRole('region', { name: /Linear regression/i })).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Style of lane A')).toHaveValue('keras')
  await expect(playground.lane('A').getByText('Edited program')).toBeHidden()
})

test('a demonstration stays while another page is open', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(4000, { backend: 'cpu' }))
  await page.getByRole('button', { name: 'Try' }).click()
  await page.getByRole('button', { name: 'Print inside the step' }).click()
  await run(playground)
  const before = page.url()
  await toModels(page)
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Print inside the step' })).toBeVisible()
  await expect(playground.button('Resume')).toBeVisible()
  expect(page.url()).toBe(before)
})

test('a lesson keeps its guess; a preset that is opened again shows its lesson again', async ({ page }) => {
  await page.goto('./#preset=xor')
  await expect(page.getByRole('button', { name: 'Run both' })).toBeEnabled()
  const lesson = page.getByRole('region', { name: /XOR/i })
  const choice = lesson.getByRole('group').getByRole('button').first()
  await choice.click()
  await toModels(page)
  await page.goBack()
  await expect(choice).toHaveAttribute('aria-pressed', 'true')
  await lesson.getByRole('button', { name: 'Close lesson' }).click()
  await toModels(page)
  await page.goBack()
  await expect(lesson).toBeHidden()
  await toModels(page)
  await preset(page, /XOR/i).click()
  await expect(lesson).toBeVisible()
})

test('skipping to the content keeps the experiment in the address', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(7, { backend: 'cpu' }))
  const before = page.url()
  await page.getByRole('link', { name: 'Skip to content' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  expect(page.url()).toBe(before)
})
