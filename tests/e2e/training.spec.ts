import { expect, test } from '@playwright/test'
import { batchesPerEpoch, experiment, losses, PlaygroundPage, shortCircle, values } from './playgroundPage'

for (const backend of ['cpu', 'wasm', 'webgl', 'webgpu'] as const) {
  test(`both styles learn circle on ${backend}`, async ({ page }) => {
    test.setTimeout(300_000)
    const playground = new PlaygroundPage(page)
    await playground.open(shortCircle(20, { backend }))
    await playground.runToEnd(280_000)
    for (const id of ['A', 'B'] as const) {
      const events = await playground.events(id)
      expect(values(events, 'backend')).toEqual([backend])
      expect(Number(values(events, 'epoch/valAccuracy').at(-1))).toBeGreaterThan(0.95)
    }
  })
}

test('digits: a conv net passes 90 % in both styles', async ({ page }) => {
  test.setTimeout(420_000)
  const playground = new PlaygroundPage(page)
  await page.goto('./#preset=digits-conv')
  await expect(playground.button('Run both')).toBeEnabled()
  for (const id of ['A', 'B']) await page.getByLabel(`Backend of lane ${id}`).selectOption({ label: 'WebGL' })
  await playground.button('Run both').click()
  for (const id of ['A', 'B'] as const) {
    const accuracy = playground.lane(id).getByText(/^9\d(\.\d)? %$/)
    await expect(accuracy).toBeVisible({ timeout: 400_000 })
  }
})

test('aligned lanes differ by at most 1e-5 over 100 steps; 1 % of learning rate breaks that', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  const aligned = shortCircle(13, { backend: 'cpu' })
  await playground.open(aligned)
  await playground.runToEnd()
  const [a, b] = [losses(await playground.events('A')), losses(await playground.events('B'))]
  expect(a).toHaveLength(104)
  expect(largestDifference(a, b)).toBeLessThanOrEqual(1e-5)

  await playground.lane('B').getByRole('tab', { name: 'Code' }).click()
  const [first, second] = aligned.lanes
  const generated = await copiedProgram(playground, 'B')
  const edited = generated.replace('lr: 0.03', 'lr: 0.0303')
  expect(edited).not.toBe(generated)
  await playground.open({ ...aligned, lanes: [first, { ...second, program: edited }] })
  await page.reload()
  await playground.runToEnd()
  const changed = losses(await playground.events('B'))
  expect(largestDifference(a, changed)).toBeGreaterThan(1e-4)
})

test('reset returns to bit-identical weights: the first 20 losses repeat exactly', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(3, { backend: 'wasm' }))
  await playground.runToEnd()
  const before = { A: losses(await playground.events('A')), B: losses(await playground.events('B')) }
  await playground.button('Reset').click()
  await expect(playground.lane('A').getByText('Ready')).toBeVisible()
  await playground.runToEnd()
  for (const id of ['A', 'B'] as const) {
    const after = losses(await playground.events(id)).slice(0, 20)
    expect(after).toHaveLength(20)
    expect(after).toEqual(before[id].slice(0, 20))
  }
})

test('1,000 steps leave the number of live tensors unchanged', async ({ page }) => {
  test.setTimeout(180_000)
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2000, { backend: 'cpu' }))
  for (const id of ['A', 'B'] as const) await playground.lane(id).getByRole('tab', { name: 'Ledger' }).click()
  const live = (id: 'A' | 'B') =>
    playground
      .lane(id)
      .getByRole('row', { name: /Live tensors/ })
      .getByRole('cell')
      .innerText()
  const stepsReach = async (step: number) => {
    for (const id of ['A', 'B'] as const) {
      await expect.poll(() => playground.step(id), { timeout: 120_000 }).toBeGreaterThanOrEqual(step)
    }
  }
  /** Tensors that each lane holds after each batch of an epoch: within one, Keras adds up metrics. */
  const liveThroughAnEpoch = async () => {
    const held: Record<string, string> = {}
    for (let batch = 0; batch < batchesPerEpoch; batch++) {
      const next = { A: (await playground.step('A')) + 1, B: (await playground.step('B')) + 1 }
      await playground.button('Step').click()
      for (const id of ['A', 'B'] as const) {
        await expect.poll(() => playground.step(id)).toBe(next[id])
        await expect(playground.lane(id).getByText('Paused')).toBeVisible()
        held[`${id}, batch ${next[id] % batchesPerEpoch}`] = await live(id)
      }
    }
    return held
  }
  const pauseAt = async (step: number) => {
    await stepsReach(step)
    await playground.button('Pause').click()
    for (const id of ['A', 'B'] as const) await expect(playground.lane(id).getByText('Paused')).toBeVisible()
  }
  await playground.button('Run both').click()
  await pauseAt(40)
  const early = await liveThroughAnEpoch()
  await playground.button('Resume').click()
  await pauseAt(1040)
  expect(Object.values(early).every((shown) => Number(shown) > 0)).toBe(true)
  expect(await liveThroughAnEpoch()).toEqual(early)
})

test('steps one batch in each lane, and a live learning rate acts at the next one', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(20, { backend: 'cpu' }))
  await playground.button('Step').click()
  for (const index of [0, 1]) await expect(page.getByText('step 1', { exact: true }).nth(index)).toBeVisible()
  await page
    .getByRole('spinbutton', { name: 'Learning rate' })
    .or(page.getByLabel('Learning rate', { exact: true }))
    .first()
    .fill('0.5')
  await page.keyboard.press('Enter')
  await playground.button('Step').click()
  for (const index of [0, 1]) await expect(page.getByText('step 2', { exact: true }).nth(index)).toBeVisible()
  for (const id of ['A', 'B'] as const) {
    const events = await playground.events(id)
    expect(values(events, 'learningRate')).toEqual(['0.5'])
    expect(losses(events)).toHaveLength(2)
  }
})

test('aligned lanes change the learning rate at the same step, and stay equal', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(100, { backend: 'cpu' }))
  await playground.button('Run both').click()
  await expect(playground.lane('A').getByText(/\/step: /)).toBeVisible()
  await page.getByLabel('Learning rate', { exact: true }).fill('0.01')
  await page.keyboard.press('Enter')
  for (const id of ['A', 'B'] as const) {
    await expect(playground.lane(id).getByText('Finished')).toBeVisible({ timeout: 60_000 })
  }
  const [a, b] = [await playground.events('A'), await playground.events('B')]
  const changes = [a, b].map((events) => events.find(({ tag }) => tag === 'learningRate'))
  expect(changes[0]).toMatchObject({ value: '0.01' })
  expect(changes[0]?.step).toBe(changes[1]?.step)
  expect(largestDifference(losses(a), losses(b))).toBeLessThanOrEqual(1e-5)
})

test('lanes take turns and reach the same end', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open({ ...shortCircle(10, { backend: 'cpu' }), schedule: 'turns' })
  await playground.runToEnd()
  const [a, b] = [losses(await playground.events('A')), losses(await playground.events('B'))]
  expect(a).toHaveLength(80)
  expect(largestDifference(a, b)).toBeLessThanOrEqual(1e-5)
})

test('auto measures every backend and says what it found', async ({ page }) => {
  test.setTimeout(180_000)
  const playground = new PlaygroundPage(page)
  await playground.open(experiment({}))
  await playground.button('Run both').click()
  await expect(playground.lane('A').getByText(/^auto: \w+, [\d.]+ .s\/step/)).toBeVisible({
    timeout: 120_000,
  })
  await playground.button('Stop').click()
  await playground.lane('A').getByRole('tab', { name: 'Ledger' }).click()
  const measured = playground
    .lane('A')
    .getByText(/What auto measured/)
    .locator('..')
  for (const backend of ['cpu', 'wasm', 'webgl', 'webgpu']) await expect(measured).toContainText(backend)
})

function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(b).toHaveLength(a.length)
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? NaN))))
}

async function copiedProgram(playground: PlaygroundPage, id: 'A' | 'B'): Promise<string> {
  const { page } = playground
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await playground.lane(id).getByRole('button', { name: 'Copy' }).click()
  return page.evaluate(() => navigator.clipboard.readText())
}
