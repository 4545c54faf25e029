/** The built site in Firefox, driven by WebDriver BiDi: Playwright knows only a Firefox of its own. */
import { expect, test } from '@playwright/test'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { findFirefox } from '../../scripts/firefox.mjs'
import { encodeHash } from '../../src/lib/core/spec/hash'
import { executions } from '../../src/lib/core/spec/schema'
import { shortCircle } from './playgroundPage'

const executablePath = await findFirefox()

let browser: Browser | null = null

test.skip(executablePath === null, 'there is no Firefox: install one, or set FIREFOX_PATH')
test.beforeAll(async () => {
  browser = await puppeteer.launch({ browser: 'firefox', executablePath: executablePath ?? '' })
})
test.afterAll(() => browser?.close())

const press = (page: Page, name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click()

/** The losses that the lanes show; NaN before the first. */
const losses = (page: Page) =>
  page.$$eval('dt', (terms) =>
    terms
      .filter(({ textContent }) => textContent === 'loss')
      .map(({ nextElementSibling }) => Number(nextElementSibling?.textContent)),
  )

/** What the lanes say of their runs. */
const states = (page: Page) =>
  page.$$eval('[aria-label="Lane A"], [aria-label="Lane B"]', (lanes) =>
    lanes.map((lane) => /Paused|Finished|Failed/.exec(lane.textContent)?.[0]),
  )

for (const execution of executions) {
  test(`Firefox trains both lanes, ${execution}`, async ({ baseURL }) => {
    const page = await browser?.newPage()
    if (!page) throw new Error('Firefox did not start.')
    await page.goto(`${baseURL}#${encodeHash(shortCircle(10, { execution, backend: 'wasm' }))}`)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await press(page, 'Step')
    await expect.poll(() => states(page), { timeout: 60_000 }).toEqual(['Paused', 'Paused'])
    const [a = NaN, b = NaN] = await losses(page)
    expect(a).toBeCloseTo(b, 4)
    await press(page, 'Resume')
    await expect.poll(() => states(page), { timeout: 60_000 }).toEqual(['Finished', 'Finished'])
    const [endA, endB] = await losses(page)
    expect(endA).toBeLessThan(a)
    expect(endB).toBeLessThan(b)
    await page.close()
  })
}
