import { expect, test, type Page } from '@playwright/test'
import { PlaygroundPage, shortCircle } from './playgroundPage'

/** What a live region has said since, one entry per change. */
async function listen(page: Page, selector: string): Promise<() => Promise<string[]>> {
  await page.evaluate((watched) => {
    const said: string[] = []
    Object.assign(globalThis, { said })
    new MutationObserver(() => {
      const texts = [...document.querySelectorAll(watched)].map((region) => region.textContent.trim())
      const text = texts.join(' ').trim()
      if (text !== said.at(-1)) said.push(text)
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  }, selector)
  return () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said)
}

test('Step, Stop and Reset keep the focus when they switch themselves off', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2000, { backend: 'cpu' }))
  const [step, stop, reset] = [
    playground.button('Step'),
    playground.button('Stop'),
    playground.button('Reset'),
  ]
  await expect(stop).toBeDisabled()
  await step.press('Enter')
  await expect(page.getByText('Paused.', { exact: true })).toBeAttached()
  await expect(step).toBeFocused()
  await page.keyboard.press('Control+Enter')
  await expect(step).toBeDisabled()
  await expect(step).toBeFocused()
  await stop.press('Enter')
  await expect(page.getByText('Stopped.', { exact: true })).toBeAttached()
  await expect(stop).toBeDisabled()
  await expect(stop).toBeFocused()
  await reset.press('Enter')
  await expect(page.getByText('Ready.', { exact: true })).toBeAttached()
  await expect(reset).toBeDisabled()
  await expect(reset).toBeFocused()
})

test('what is closed hands the focus to what follows it', async ({ page }) => {
  await page.goto('./#preset=circle')
  const lesson = page.getByRole('button', { name: 'Close lesson' })
  await lesson.press('Enter')
  await expect(page.getByLabel('Dataset')).toBeFocused()

  await page.getByRole('button', { name: 'Try', exact: true }).click()
  await page.getByRole('dialog', { name: 'Things to try' }).getByRole('button').first().click()
  await page.getByRole('button', { name: 'Back to the generated programs' }).press('Enter')
  await expect(page.getByLabel('Execution of lane A')).toBeFocused()

  await page.evaluate(() => (location.hash = '#preset=none'))
  await page.getByRole('button', { name: 'Dismiss' }).press('Enter')
  await expect(page.getByLabel('Dataset')).toBeFocused()
})

test('a walk through a step takes the focus along and is not read aloud while it plays', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(1, { backend: 'cpu', execution: 'eager' }))
  const lane = playground.lane('A')
  await playground.button('Step').click()
  await lane.getByRole('tab', { name: 'Tape' }).click()
  await lane.getByRole('button', { name: 'Walk through' }).press('Enter')
  await expect(lane.getByRole('button', { name: 'Next' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(lane.getByText(/^moment 1 of/)).toBeVisible()
  const details = lane.locator('.details')
  await expect(details).toHaveAttribute('aria-live', 'polite')
  await lane.getByRole('button', { name: 'Play' }).click()
  await expect(details).toHaveAttribute('aria-live', 'off')
  await lane.getByRole('button', { name: 'End the walk' }).press('Enter')
  await expect(lane.getByRole('button', { name: 'Walk through' })).toBeFocused()
})

test('the check of a model is announced by its phases', async ({ page }) => {
  await page.goto('./models/')
  const panel = page.getByRole('region', { name: 'Does a model survive its framework?' })
  const train = panel.getByRole('button', { name: 'Train, export, compare' })
  await expect(train).toBeEnabled()
  const said = await listen(page, '[role="status"]')
  await train.press('Enter')
  await expect(panel.getByText('Equal to 0.00001')).toBeVisible({ timeout: 60_000 })
  await expect(train).toBeFocused()
  expect((await said()).filter((text) => text !== '')).toEqual(['Training.', 'Running model.onnx.', 'Done.'])
})
