/** Links made to do harm: each is refused in words or shown, starts nothing, and leaves a page that works. */
import { expect, test, type Locator } from '@playwright/test'
import { hostileLinks } from '../support/hostileLinks'
import { PlaygroundPage, shortCircle } from './playgroundPage'

/** A message that fits the screen. */
const longestMessage = 2000
/** What a page of elements stays usable with; a program has up to 50,000 lines. */
const mostElements = 50_000

/** For people: short, and about what they can change. */
async function expectMessage(message: Locator): Promise<void> {
  const text = await message.innerText()
  expect(text.length).toBeLessThan(longestMessage)
  expect(text).not.toMatch(/internal:|call stack/)
}

/** Runs programs until they end, which is nearly at once. */
async function runPrograms(playground: PlaygroundPage): Promise<void> {
  await playground.button('Run both').click()
  for (const id of ['A', 'B'] as const) {
    const lane = playground.lane(id)
    await expect(lane.getByText(/^(Finished|Failed|Stopped)/)).toBeVisible()
    const alert = lane.getByRole('alert')
    if (await alert.isVisible()) await expectMessage(alert)
  }
}

for (const { name, hash, outcome } of hostileLinks) {
  test(`a link ${name} is ${outcome}, and the page works`, async ({ page }) => {
    const problems: string[] = []
    page.on('pageerror', ({ message }) => problems.push(message))
    const playground = new PlaygroundPage(page)
    await page.goto(`./#${hash()}`)
    const notice = page.getByRole('status').filter({ hasText: 'This link cannot be opened' })
    if (outcome === 'refused') {
      await expect(notice).toContainText(/: expected .+, got .+\./)
      await expectMessage(notice)
    } else {
      await expect(playground.button('Run both')).toBeEnabled()
      await expect(notice).toBeHidden()
    }
    for (const id of ['A', 'B'] as const) await expect(playground.lane(id).getByText('Ready')).toBeVisible()
    expect(await page.locator('*').count()).toBeLessThan(mostElements)
    if (outcome === 'shown and run') await runPrograms(playground)
    await playground.open(shortCircle(1, { backend: 'cpu' }))
    await expect(page.getByRole('textbox', { name: 'Epochs' })).toHaveValue('1')
    await playground.runToEnd()
    expect(await page.evaluate(() => 'isHostile' in {})).toBe(false)
    await expect(page).toHaveTitle(/Tandem/)
    expect(problems).toEqual([])
  })
}
