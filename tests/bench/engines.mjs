/** Microseconds a step of both engines, measured in the lanes of the built site, one lane at a time. */
import { readFileSync } from 'node:fs'

/** @import { Page } from 'playwright' */
/** @typedef {{ execution: 'eager' | 'static', backend: string, stepsPerExecution?: number }} Setting */
/** @typedef {Setting & { keras: number | null, torch: number | null }} Timing microseconds a step, per style */

/** @typedef {{ readonly name: string, readonly spec: object }} Subject a model and what it learns from */

/** Two hidden layers on 3,200 rows: an epoch is one block of 100 steps. */
export const toy = {
  name: '2-8-8-1 tanh, binary cross-entropy, Adam, batch 32',
  spec: {
    version: 1,
    data: { kind: 'circle', samples: 4000, trainFraction: 0.8 },
    model: {
      layers: [
        { type: 'dense', units: 8, activation: 'tanh' },
        { type: 'dense', units: 8, activation: 'tanh' },
        { type: 'dense', units: 1, activation: 'sigmoid' },
      ],
    },
    loss: 'binaryCrossentropy',
    optimizer: { type: 'adam', learningRate: 0.001 },
    training: { batchSize: 32, epochs: 100_000 },
    alignment: 'native',
  },
}

export const perceptron = {
  name: '784-256-128-10 relu, sparse categorical cross-entropy, Adam, batch 128',
  spec: {
    version: 1,
    data: { kind: 'digits', samples: 5000 },
    model: {
      layers: [
        { type: 'flatten' },
        { type: 'dense', units: 256, activation: 'relu' },
        { type: 'dense', units: 128, activation: 'relu' },
        { type: 'dense', units: 10, activation: 'softmax' },
      ],
    },
    loss: 'sparseCategoricalCrossentropy',
    optimizer: { type: 'adam', learningRate: 0.0001 },
    training: { batchSize: 128, epochs: 100_000 },
    alignment: 'native',
  },
}

/**
 * @param {Page} page
 * @param {string} url of the site
 * @param {(experiment: object) => string} link what stands behind the # for an experiment
 * @param {Subject} subject
 * @param {readonly Setting[]} settings
 * @param {number} trainingMs
 * @returns {Promise<Timing[]>}
 */
export async function timeEngines(page, url, link, subject, settings, trainingMs) {
  const timings = []
  for (const setting of settings) {
    const lanes = ['keras', 'torch'].map((style) => ({ style, ...setting }))
    await page.goto('about:blank')
    await page.goto(`${url}#${link({ version: 1, spec: subject.spec, lanes, schedule: 'turns' })}`)
    await control(page, 'Run both').click()
    await page.waitForTimeout(trainingMs)
    await control(page, 'Pause').click()
    timings.push({
      ...setting,
      keras: await microsecondsPerStep(page, 'A'),
      torch: await microsecondsPerStep(page, 'B'),
    })
  }
  return timings
}

/**
 * How many times faster a setting is than the fastest eager one, per style.
 * @param {readonly Timing[]} timings
 */
export function ratios(timings) {
  const styles = /** @type {const} */ (['keras', 'torch'])
  const fastest = Object.fromEntries(
    styles.map((style) => {
      const eager = timings
        .filter(({ execution }) => execution === 'eager')
        .map((timing) => timing[style] ?? Infinity)
      return [style, Math.min(...eager)]
    }),
  )
  return timings
    .filter(({ execution }) => execution === 'static')
    .map(({ backend, stepsPerExecution = 1, ...timing }) => ({
      backend,
      stepsPerExecution,
      ...Object.fromEntries(
        styles.map((style) => [
          style,
          Math.round((10 * (fastest[style] ?? NaN)) / (timing[style] ?? NaN)) / 10,
        ]),
      ),
    }))
}

/** Milliseconds from the press of the button to the first step of a static lane whose engine is loaded. @param {Page} page */
export async function firstStaticStep(page) {
  await control(page, 'Run both').click()
  await page
    .getByText(/^step [1-9]/)
    .first()
    .waitFor()
  await control(page, 'Reset').click()
  const start = Date.now()
  await control(page, 'Run both').click()
  await page
    .getByText(/^step [1-9]/)
    .first()
    .waitFor()
  const elapsed = Date.now() - start
  await control(page, 'Reset').click()
  return elapsed
}

/**
 * @param {Page} page
 * @param {string} id
 * @returns {Promise<number | null>} median of the second half of the run, from its own events
 */
async function microsecondsPerStep(page, id) {
  const lane = page.getByRole('region', { name: `Lane ${id}`, exact: true })
  await lane.getByRole('tab', { name: 'Ledger' }).click()
  const events = lane.getByRole('button', { name: 'Events' })
  if (await events.isDisabled()) return null
  const download = page.waitForEvent('download')
  await events.click()
  const text = readFileSync(await (await download).path(), 'utf8')
  const rates = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ tag }) => tag === 'stepsPerSecond')
    .map(({ value }) => value)
  // Browsers compile code that has run for a while once more, and better: the first half of a run is left out.
  const warm = rates.slice(Math.floor(rates.length / 2)).toSorted((a, b) => a - b)
  const median = warm[Math.floor(warm.length / 2)]
  return median === undefined ? null : Math.round(1e7 / median) / 10
}

/** @param {Page} page @param {string} name */
export function control(page, name) {
  return page.getByRole('region', { name: 'Run controls' }).getByRole('button', { name })
}
