/** What a page loads before anything of it is on screen. */
import { gzipSync } from 'node:zlib'

/** Gzipped bytes of JavaScript that the first paint may need. */
export const firstPaintLimitBytes = 200 * 1024

/**
 * Opens `url` in a page that is new. `preloaded` are the scripts that the document names, which are those that its entry
 * reaches by static imports; `early` are those asked for before the first paint, from whatever place.
 * @param {import('playwright').Page} page
 * @param {string} url
 */
export async function firstPaint(page, url) {
  await page.goto(url)
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
  // The document as it came: later imports put links of their own into it.
  const document = await (await page.request.get(url)).text()
  const named = [...document.matchAll(/<(?:link|script)\b[^>]*?\b(?:href|src)="([^"]+\.js)"/g)]
  const preloaded = named.map(([, address = '']) => new URL(address, url).href)
  const { paintMs, early } = await page.evaluate(() => {
    const paintMs = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN
    const early = performance
      .getEntriesByType('resource')
      .filter(({ name, startTime }) => new URL(name).pathname.endsWith('.js') && startTime <= paintMs)
    return { paintMs, early: early.map(({ name }) => name) }
  })
  const scripts = [...new Set([...preloaded, ...early])]
  const sizes = await Promise.all(
    scripts.map(async (address) => gzipSync(await (await page.request.get(address)).body()).byteLength),
  )
  return { paintMs, preloaded, early, gzippedScriptBytes: sizes.reduce((sum, size) => sum + size, 0) }
}
