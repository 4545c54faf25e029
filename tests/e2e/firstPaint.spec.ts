import { expect, test } from '@playwright/test'
import { firstPaint, firstPaintLimitBytes } from '../support/firstPaint.mjs'

/** SvelteKit asks for its error page as soon as it starts. */
const errorPage = /\/nodes\/1\.[^/]+\.js$/

for (const path of ['./', './models/']) {
  test(`the first paint of ${path} stays within its budget and loads nothing on the side`, async ({
    page,
    baseURL,
  }) => {
    const { preloaded, early, gzippedScriptBytes } = await firstPaint(page, new URL(path, baseURL).href)
    expect(preloaded.length).toBeGreaterThan(3)
    expect(gzippedScriptBytes).toBeLessThanOrEqual(firstPaintLimitBytes)
    const onTheSide = early.filter((script) => !preloaded.includes(script) && !errorPage.test(script))
    expect(onTheSide).toEqual([])
  })
}

test('colours come after the first paint, and no line of the program moves', async ({ page }) => {
  await page.addInitScript(() => {
    const moved: (string | undefined)[] = []
    Object.assign(globalThis, { moved })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { sources?: { node?: Node }[] })[]) {
        const nodes = (entry.sources ?? []).map(({ node }) => node?.parentElement)
        if (nodes.some((parent) => parent?.closest('.pane'))) moved.push(nodes[0]?.className)
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto('./')
  const program = page.getByRole('region', { name: 'Program of lane A' })
  await expect(program.locator('.keyword').first()).toBeVisible()
  expect(await page.evaluate(() => (globalThis as unknown as { moved: string[] }).moved)).toEqual([])
})
