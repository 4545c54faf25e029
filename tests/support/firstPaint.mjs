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
  const { paintMs, preloaded, early } = await page.evaluate(() => {
    const paintMs = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN
    const isScript = (/** @type {string} */ address) => new URL(address).pathname.endsWith('.js')
    const named = [...document.querySelectorAll('link')].filter(({ rel }) => rel === 'modulepreload')
    const classic = [...document.scripts].filter(({ src }) => src !== '')
    return {
      paintMs,
      preloaded: [...classic.map(({ src }) => src), ...named.map(({ href }) => href)],
      early: performance
        .getEntriesByType('resource')
        .filter(({ name, startTime }) => isScript(name) && startTime <= paintMs)
        .map(({ name }) => name),
    }
  })
  const scripts = [...new Set([...preloaded, ...early])]
  const sizes = await Promise.all(
    scripts.map(async (address) => gzipSync(await (await page.request.get(address)).body()).byteLength),
  )
  return { paintMs, preloaded, early, gzippedScriptBytes: sizes.reduce((sum, size) => sum + size, 0) }
}
