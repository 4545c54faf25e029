/**
 * Measures the built site in one browser session and prints JSON: script weight at first paint, the main thread's
 * longest tasks while both lanes train, and microseconds a step of both engines with their ratios.
 * `npm run bench [-- OUT.json]`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { cpus } from 'node:os'
import { chromium } from 'playwright'
import { chromiumFlags, findChromium } from '../../scripts/chromium.mjs'
import { runnerImport } from 'vite'
import { serve } from '../../scripts/staticServer.mjs'
import { firstPaint, firstPaintLimitBytes } from '../support/firstPaint.mjs'
import { control, firstStaticStep, perceptron, ratios, timeEngines, toy } from './engines.mjs'

/** @type {import('./engines.mjs').Setting[]} */
const settings = [
  { execution: 'eager', backend: 'cpu' },
  { execution: 'eager', backend: 'wasm' },
  { execution: 'eager', backend: 'webgl' },
  { execution: 'eager', backend: 'webgpu' },
  { execution: 'static', backend: 'wasm', stepsPerExecution: 1 },
  { execution: 'static', backend: 'wasm', stepsPerExecution: 10 },
  { execution: 'static', backend: 'wasm', stepsPerExecution: 100 },
  { execution: 'static', backend: 'webgl' },
  { execution: 'static', backend: 'webgpu' },
]
const wide = settings.filter(({ backend }) => backend === 'cpu' || backend === 'wasm')
const trainingMs = 10_000
/** Of both lanes together, which take turns. */
const measuredMs = 16_000

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

/** Lane A static on wasm, lane B waits for its turn. @param {import('playwright').Page} page */
async function openStatic(page) {
  const lanes = [
    { style: 'keras', execution: 'static', backend: 'wasm' },
    { style: 'torch', execution: 'static', backend: 'wasm' },
  ]
  await page.goto('about:blank')
  await page.goto(`${site.url}#${link({ version: 1, spec: toy.spec, lanes })}`)
}

/** The project's own TypeScript, run in Node. @param {string} path */
async function load(path) {
  const { module } = await runnerImport(path, { configFile: false, logLevel: 'error' })
  return module
}

const baseline = /** @type {typeof import('./baseline.ts')} */ (await load('./tests/bench/baseline.ts'))
const { encodeHash } = /** @type {typeof import('../../src/lib/core/spec/hash.ts')} */ (
  await load('./src/lib/core/spec/hash.ts')
)
const { parseExperiment } = /** @type {typeof import('../../src/lib/core/spec/parse.ts')} */ (
  await load('./src/lib/core/spec/parse.ts')
)
/** @param {object} experiment */
const link = (experiment) => encodeHash(parseExperiment(experiment))
const site = await serve({ port: 0 })
const executablePath = (await findChromium()) ?? undefined
const browser = await chromium.launch({ executablePath, args: chromiumFlags })
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const { paintMs, gzippedScriptBytes } = await firstPaint(page, site.url)
  await control(page, 'Run both').waitFor()
  // Long enough that no run ends while it is being measured.
  await page.getByRole('textbox', { name: 'Epochs' }).fill('5000')
  await page.keyboard.press('Enter')
  const mainThread = await longTasks(page)
  await openStatic(page)
  const firstStaticStepMs = await firstStaticStep(page)
  /** @param {import('./engines.mjs').Subject} subject @param {typeof settings} compared */
  const engines = async (subject, compared) => {
    const microsecondsPerStep = await timeEngines(page, site.url, link, subject, compared, measuredMs)
    return {
      model: subject.name,
      microsecondsPerStep,
      timesFasterThanFastestEager: ratios(microsecondsPerStep),
    }
  }
  const result = {
    machine: { cpus: cpus().length, cpu: cpus()[0]?.model, browser: browser.version() },
    firstPaint: {
      firstContentfulPaintMs: paintMs,
      gzippedScriptBytes,
      limitBytes: firstPaintLimitBytes,
    },
    mainThread,
    firstStaticStepMs,
    eagerBaseline: baseline.measured,
    engines: [await engines(toy, settings), await engines(perceptron, wide)],
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
