/**
 * Measures the built site in one browser session and prints JSON: script weight at first paint, the main thread's
 * longest tasks while both lanes train, and microseconds a step per style and backend. `npm run bench [-- OUT.json]`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { cpus } from 'node:os'
import { chromium } from 'playwright'
import { chromiumFlags, findChromium } from '../../scripts/chromium.mjs'
import { serve } from '../../scripts/staticServer.mjs'

const backends = ['cpu', 'wasm', 'webgl', 'webgpu']
const trainingMs = 10_000

/** @param {import('playwright').Page} page @param {string} url */
async function firstPaint(page, url) {
  const scripts = new Map()
  page.on('response', async (response) => {
    if (!/\.js$/.test(new URL(response.url()).pathname) || isPainted) return
    scripts.set(response.url(), gzipSync(await response.body()).byteLength)
  })
  let isPainted = false
  await page.goto(url, { waitUntil: 'commit' })
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
  isPainted = true
  const paintMs = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  )
  const preloaded = await page.evaluate(() =>
    [...document.querySelectorAll('link')]
      .filter((link) => link.rel === 'modulepreload')
      .map((link) => link.href),
  )
  for (const href of preloaded) {
    if (!scripts.has(href))
      scripts.set(href, gzipSync(await (await page.request.get(href)).body()).byteLength)
  }
  return {
    firstContentfulPaintMs: paintMs,
    gzippedScriptBytes: [...scripts.values()].reduce((a, b) => a + b, 0),
  }
}

/** @typedef {Window & { longTasks?: number[] }} WatchedWindow */

/** @param {import('playwright').Page} page */
async function longTasks(page) {
  await page.evaluate(() => {
    /** @type {number[]} */
    const durations = []
    /** @type {WatchedWindow} */
    const watched = window
    watched.longTasks = durations
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) durations.push(Math.round(entry.duration))
    }).observe({ type: 'longtask' })
  })
  await control(page, 'Run both').click()
  await page.waitForTimeout(trainingMs)
  const tasks = await page.evaluate(() => /** @type {WatchedWindow} */ (window).longTasks ?? [])
  await control(page, 'Reset').click()
  return { trainingMs, tasksOver50Ms: tasks.length, longestMs: Math.max(0, ...tasks) }
}

/**
 * Median microseconds a step in both styles, one lane at a time.
 * @param {import('playwright').Page} page
 * @param {string} backend
 */
async function stepTimes(page, backend) {
  for (const lane of ['A', 'B']) {
    await page.getByLabel(`Backend of lane ${lane}`).selectOption({ value: backend })
  }
  await page.getByRole('radio', { name: 'take turns' }).check()
  await control(page, 'Run both').click()
  await page.waitForTimeout(trainingMs)
  await control(page, 'Pause').click()
  const result = { keras: await microsecondsPerStep(page, 'A'), torch: await microsecondsPerStep(page, 'B') }
  await control(page, 'Reset').click()
  return result
}

/**
 * @param {import('playwright').Page} page
 * @param {string} id
 * @returns {Promise<number | null>} from the run's own events
 */
async function microsecondsPerStep(page, id) {
  const lane = page.getByRole('region', { name: `Lane ${id}`, exact: true })
  await lane.getByRole('tab', { name: 'Ledger' }).click()
  const download = page.waitForEvent('download')
  await lane.getByRole('button', { name: 'Events' }).click()
  const text = readFileSync(await (await download).path(), 'utf8')
  const rates = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ tag }) => tag === 'stepsPerSecond')
    .map(({ value }) => value)
    .toSorted((a, b) => a - b)
  const median = rates[Math.floor(rates.length / 2)]
  return median === undefined ? null : Math.round(1e6 / median)
}

/** @param {import('playwright').Page} page @param {string} name */
function control(page, name) {
  return page.getByRole('region', { name: 'Run controls' }).getByRole('button', { name })
}

const site = await serve({ port: 0 })
const executablePath = (await findChromium()) ?? undefined
const browser = await chromium.launch({ executablePath, args: chromiumFlags })
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const paint = await firstPaint(page, site.url)
  await control(page, 'Run both').waitFor()
  // Long enough that no run ends while it is being measured.
  await page.getByRole('textbox', { name: 'Epochs' }).fill('5000')
  await page.keyboard.press('Enter')
  const mainThread = await longTasks(page)
  /** @type {Record<string, { keras: number | null, torch: number | null }>} */
  const perBackend = {}
  for (const backend of backends) perBackend[backend] = await stepTimes(page, backend)
  const result = {
    machine: { cpus: cpus().length, cpu: cpus()[0]?.model, browser: browser.version() },
    firstPaint: paint,
    mainThread,
    microsecondsPerStep: perBackend,
  }
  const text = `${JSON.stringify(result, null, 2)}\n`
  const out = process.argv[2]
  if (out) {
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, text)
  }
  process.stdout.write(text)
} finally {
  await browser.close()
  await site.stop()
}
