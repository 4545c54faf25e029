import { expect, test } from '@playwright/test'
import type { Experiment, LaneSettings } from '../../src/lib/core/spec/schema'
import { losses, PlaygroundPage, shortCircle, values, type LaneId } from './playgroundPage'

/** Lane A Keras-style static, lane B PyTorch-style eager, on backends that need no measuring. */
function sideBySide(
  epochs: number,
  lanes: readonly [Partial<LaneSettings>, Partial<LaneSettings>] = [{}, {}],
) {
  const base = shortCircle(epochs)
  const [a, b] = base.lanes
  const experiment: Experiment = {
    ...base,
    lanes: [
      { ...a, execution: 'static', backend: 'wasm', ...lanes[0] },
      { ...b, execution: 'eager', backend: 'cpu', ...lanes[1] },
    ],
  }
  return experiment
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? NaN))))
}

class StaticPage extends PlaygroundPage {
  choose(what: 'Execution' | 'Backend' | 'Steps per call', id: LaneId, value: string) {
    return this.page.getByLabel(`${what} of lane ${id}`, { exact: true }).selectOption(value)
  }

  async openTab(name: string, ids: readonly LaneId[] = ['A', 'B']): Promise<void> {
    for (const id of ids) await this.lane(id).getByRole('tab', { name }).click()
  }

  async try(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Try' }).click()
    await this.page.getByRole('button', { name }).click()
  }

  /** Presses Step until both lanes are there. */
  async stepTo(step: number): Promise<void> {
    for (const id of ['A', 'B'] as const) {
      while ((await this.step(id)) < step) {
        await this.button('Step').click()
        for (const other of ['A', 'B'] as const)
          await expect(this.lane(other).getByText('Paused')).toBeVisible()
      }
    }
  }

  async reaches(id: LaneId, step: number): Promise<void> {
    await expect.poll(() => this.step(id), { timeout: 60_000 }).toBeGreaterThanOrEqual(step)
  }
}

test('a static Keras-style lane and an eager PyTorch-style one coincide for 100 steps', async ({ page }) => {
  const playground = new StaticPage(page)
  await playground.open(sideBySide(13))
  await playground.runToEnd()
  const [a, b] = [losses(await playground.events('A')), losses(await playground.events('B'))]
  expect(a).toHaveLength(104)
  expect(largestDifference(a, b)).toBeLessThan(1e-4)
  // The ledger tells what was built, that no kernel was sent, and when it pays.
  const kernels = playground.lane('A').getByRole('row', { name: /Kernels per step/ })
  await expect(kernels.getByRole('cell')).toHaveText('0')
  await expect(
    playground
      .lane('A')
      .getByRole('row', { name: /Compile/ })
      .getByRole('cell'),
  ).toHaveText(/ms|s$/)
  await expect(
    playground.lane('A').getByText(/Static (overtakes eager at step|does not overtake)/),
  ).toBeVisible()
})

test('execution and steps per call change during a run without a gap in the losses', async ({ page }) => {
  test.setTimeout(240_000)
  const playground = new StaticPage(page)
  const backends = [{}, { backend: 'wasm' }] as const
  await playground.open(sideBySide(13, backends))
  await playground.runToEnd()
  const undisturbed = { A: losses(await playground.events('A')), B: losses(await playground.events('B')) }

  await playground.open(sideBySide(4000, backends))
  await page.reload()
  await playground.stepTo(3)
  // Paused: in another execution, and back at once before that has begun.
  await playground.choose('Execution', 'A', 'eager')
  await playground.choose('Execution', 'B', 'static')
  await playground.stepTo(6)
  await playground.choose('Execution', 'A', 'static')
  await playground.choose('Execution', 'B', 'eager')
  await playground.choose('Execution', 'B', 'static')
  await playground.stepTo(9)
  // Running, several times in a row.
  await playground.button('Resume').click()
  await playground.choose('Steps per call', 'A', '10')
  await playground.choose('Execution', 'B', 'eager')
  await playground.choose('Execution', 'B', 'static')
  await playground.choose('Execution', 'B', 'eager')
  for (const id of ['A', 'B'] as const) await playground.reaches(id, 104)
  await playground.choose('Execution', 'A', 'eager')
  const before = await playground.step('A')
  await playground.reaches('A', before + 1)
  await playground.button('Stop').click()

  for (const id of ['A', 'B'] as const) {
    await expect(playground.lane(id).getByText('Stopped')).toBeVisible()
    const events = await playground.events(id)
    const steps = events.filter(({ tag }) => tag === 'loss').map(({ step }) => step)
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, index) => index + 1))
    expect(largestDifference(losses(events).slice(0, 104), undisturbed[id])).toBeLessThan(1e-4)
    const epochs = values(events, 'epoch')
    expect(epochs).toEqual(Array.from({ length: epochs.length }, (_, index) => index + 1))
  }
})

test('a lane that cannot run statically goes on eagerly and says why', async ({ page }) => {
  const playground = new StaticPage(page)
  await playground.open(sideBySide(4000))
  await playground.try('An if on the loss')
  await playground.button('Run both').click()
  await playground.reaches('B', 10)
  await playground.choose('Execution', 'B', 'static')
  const note = playground.lane('B').getByRole('alert')
  await expect(note).toContainText('cannot run static: TracedValueError')
  await playground.reaches('B', (await playground.step('B')) + 10)
  await expect(playground.page.getByLabel('Execution of lane B', { exact: true })).toHaveValue('eager')
})

test('an if on the loss: eager trains, static fails at the line while it is traced', async ({ page }) => {
  const playground = new StaticPage(page)
  await playground.open(sideBySide(3))
  await playground.try('An if on the loss')
  await expect(playground.lane('A').getByText('Edited program')).toBeVisible()
  await playground.button('Run both').click()
  await expect(playground.lane('A').getByText('Failed while tracing, before any step')).toBeVisible()
  await expect(playground.lane('A').getByRole('alert')).toContainText(/TracedValueError in line \d+/)
  await expect(playground.lane('B').getByText('Finished')).toBeVisible()
  await playground.page.getByRole('button', { name: 'Back to the generated programs' }).click()
  await expect(playground.lane('A').getByText('Edited program')).toBeHidden()
})

test('a print inside the step: every step in eager, once for each trace in static', async ({ page }) => {
  const playground = new StaticPage(page)
  await playground.open(sideBySide(3))
  await playground.try('Print inside the step')
  await playground.button('Run both').click()
  for (const id of ['A', 'B'] as const) await expect(playground.lane(id).getByText('Finished')).toBeVisible()
  await playground.openTab('Console')
  await expect(playground.lane('A').getByText(/loss is tensor\(symbolic/)).toHaveCount(2)
  await expect(playground.lane('B').getByText(/loss is tensor\(0\.\d{4}/)).toHaveCount(24)
})

test('a layer of the wrong size: eager fails in step 1, static before any', async ({ page }) => {
  const playground = new StaticPage(page)
  await playground.open(sideBySide(3))
  await playground.try('A layer of the wrong size')
  await playground.button('Run both').click()
  await expect(playground.lane('A').getByText('Failed while tracing, before any step')).toBeVisible()
  await expect(playground.lane('B').getByText('Failed in step 1')).toBeVisible()
  for (const id of ['A', 'B'] as const) {
    await expect(playground.lane(id).getByRole('alert')).toContainText(/ShapeError in line \d+/)
  }
})

test('another batch size or a number traces again, and the signatures show it', async ({ page }) => {
  const playground = new StaticPage(page)
  await playground.open(sideBySide(40_000))
  await playground.openTab('Signatures')
  // Half of a full batch of 32 rows, or of the last one of 26.
  await playground.button('Run both').click()
  for (const id of ['A', 'B'] as const) await playground.reaches(id, 20)
  for (const id of ['A', 'B'] as const)
    await playground.lane(id).getByRole('button', { name: 'Change the batch size' }).click()
  await expect(playground.lane('A').getByText(/^Batch of 1[63] rows: traced again, /)).toBeVisible()
  await expect(
    playground.lane('B').getByText(/^Batch of 1[63] rows at step \d+: nothing to trace\.$/),
  ).toBeVisible()
  await expect(playground.lane('A').getByRole('row', { name: /float32\[1[63], 2\]/ })).toBeVisible()
  await playground.lane('A').getByRole('button', { name: 'Pass a number' }).click()
  await expect(playground.lane('A').getByText(/^The number 1 as an argument: traced again, /)).toBeVisible()
})

test('a layer added while training: both lanes go on with the weights that fit', async ({ page }) => {
  const playground = new StaticPage(page)
  await playground.open(sideBySide(4000))
  await playground.button('Run both').click()
  for (const id of ['A', 'B'] as const) await playground.reaches(id, 20)
  const before = await playground.step('B')
  await playground.try('Add a layer while training')
  await playground.openTab('Console')
  for (const id of ['A', 'B'] as const) {
    await expect(playground.lane(id).getByText(/The model changed: kept .*; new: .*\[8, 8\]/)).toBeVisible()
  }
  await expect(
    playground
      .lane('A')
      .getByText(/Traced for the changed model: trainStep/)
      .first(),
  ).toBeVisible()
  await playground.reaches('B', before + 20)
})
