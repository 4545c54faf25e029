import { chromium, expect, test } from '@playwright/test'
import { chromiumFlags, findChromium } from '../../scripts/chromium.mjs'
import { listen } from './otherOrigin'
import { losses, PlaygroundPage, shortCircle, values, withProgram } from './playgroundPage'

test('an error names the line, and the other lane trains on', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(
    withProgram(`const units = 8\n\nthrow new Error('units: expected 4, got ' + units)\n`),
  )
  await playground.button('Run both').click()
  const alert = playground.lane('A').getByRole('alert')
  await expect(alert).toContainText('line 3')
  await expect(alert).toContainText('units: expected 4, got 8')
  await expect(playground.lane('B').getByText('Finished')).toBeVisible({ timeout: 60_000 })
  expect(losses(await playground.events('B'))).toHaveLength(40)
})

test('a loss that is not finite stops its lane, names step and tensor, and offers reset', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  const program = `import { Sequential, Input, layers, optimizers } from 'tandem/keras'
import { plane } from 'tandem/data'

const { train } = plane({ samples: 100, seed: 1 })
export const model = new Sequential([Input({ shape: [2] }), new layers.Dense(1)])
export const optimizer = new optimizers.SGD({ learningRate: 1e20 })
model.compile({ optimizer, loss: 'meanSquaredError' })
await model.fit(train.x, train.y, { epochs: 5 })
`
  await playground.open(withProgram(program))
  await playground.button('Run both').click()
  const alert = playground.lane('A').getByRole('alert')
  await expect(alert).toContainText(/got (NaN|Infinity) at step \d+/)
  await expect(alert).toContainText('line 8')
  await alert.getByRole('button', { name: 'Reset' }).click()
  await expect(playground.lane('A').getByText('Ready')).toBeVisible()
})

test('a program that never yields can be stopped, and its lane runs again', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(withProgram('for (;;) {}\n'))
  await playground.button('Run both').click()
  await expect(playground.lane('B').getByText('Finished')).toBeVisible({ timeout: 60_000 })
  await playground.button('Stop').click()
  await expect(playground.lane('A').getByText('Stopped')).toBeVisible()
  await playground.lane('A').getByRole('tab', { name: 'Console' }).click()
  await expect(playground.lane('A').getByText(/its worker was restarted/)).toBeVisible()
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  await playground.runToEnd()
})

test('a lane whose worker could not be loaded runs after Reset', async ({ page, context }) => {
  const isLaneWorker = (url: URL) => /lane\.worker.*\.js$/.test(url.pathname)
  await context.route(isLaneWorker, (route) => route.abort())
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  const alert = playground.lane('A').getByRole('alert')
  await expect(alert).toContainText('Reset the lanes.')
  await context.unroute(isLaneWorker)
  await alert.getByRole('button', { name: 'Reset' }).click()
  await playground.runToEnd()
})

test('stop and pause are heard while backends are being measured', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(400, { backend: 'auto' }))
  const bothLanes = async (status: string) => {
    for (const id of ['A', 'B'] as const) {
      await expect(playground.lane(id).getByText(status, { exact: true })).toBeVisible({ timeout: 60_000 })
    }
  }
  await playground.button('Run both').click()
  await playground.button('Stop').click()
  await bothLanes('Stopped')
  await playground.button('Run both').click()
  await playground.button('Pause').click()
  await bothLanes('Paused')
  await playground.lane('A').getByRole('tab', { name: 'Ledger' }).click()
  // There is nothing to download before the first step.
  await expect(playground.lane('A').getByRole('button', { name: 'Events' })).toBeDisabled()
})

test('a hostile program reaches neither the network, nor storage, nor the page', async ({ page }) => {
  const other = await listen()
  const program = `const tried = async (name, act) => {
  try { await act(); console.log(name + ' allowed') } catch { console.log(name + ' blocked') }
}
await tried('fetch', () => fetch('${other.url}'))
await tried('socket', () => new Promise((open, fail) => {
  const socket = new WebSocket('${other.url.replace('http', 'ws')}')
  socket.onopen = open
  socket.onerror = fail
}))
await tried('eval', () => new Function('return 1')())
for (const name of ['indexedDB', 'caches', 'localStorage', 'postMessage', 'Worker', 'BroadcastChannel']) {
  console.log(name + ' ' + typeof globalThis[name])
}
console.log('storage ' + typeof navigator.storage)
`
  await playgroundWith(page, program)
  const console = page.getByRole('region', { name: 'Console of lane A' })
  for (const name of ['fetch', 'socket', 'eval']) await expect(console).toContainText(`${name} blocked`)
  for (const name of [
    'indexedDB',
    'caches',
    'localStorage',
    'postMessage',
    'Worker',
    'BroadcastChannel',
    'storage',
  ]) {
    await expect(console).toContainText(`${name} undefined`)
  }
  expect(other.asked).toEqual([])
  await other.stop()
})

test('a flood of messages is dropped and counted', async ({ page }) => {
  await playgroundWith(page, `for (let line = 0; line < 100000; line++) console.log('flood')\n`)
  await expect(page.getByText(/^[\d,]+ more were left out: the program prints too fast/)).toBeVisible()
})

async function playgroundWith(page: PlaygroundPage['page'], program: string): Promise<void> {
  const playground = new PlaygroundPage(page)
  await playground.open(withProgram(program))
  await playground.button('Run both').click()
  await playground.lane('A').getByRole('tab', { name: 'Console' }).click()
  await expect(playground.lane('A').getByText('Finished')).toBeVisible({ timeout: 60_000 })
}

test('without WebGPU a lane moves to the next backend and says why', async ({ baseURL }) => {
  const flags = chromiumFlags.filter((flag) => flag !== '--enable-unsafe-webgpu')
  const executablePath = (await findChromium()) ?? undefined
  const browser = await chromium.launch({
    args: [...flags, '--disable-features=WebGPU'],
    ...(executablePath === undefined ? { channel: 'chromium' } : { executablePath }),
  })
  try {
    const page = await browser.newPage({ ...(baseURL === undefined ? {} : { baseURL }) })
    const playground = new PlaygroundPage(page)
    await playground.open(shortCircle(1, { backend: 'webgpu' }))
    await playground.runToEnd(120_000)
    expect(values(await playground.events('A'), 'backend')).toEqual(['webgl'])
    await expect(
      playground
        .lane('A')
        .getByText(/webgpu: expected an available backend, got none/)
        .first(),
    ).toBeVisible()
  } finally {
    await browser.close()
  }
})

for (const execution of ['eager', 'static'] as const) {
  test(`a lost GPU moves its ${execution} lanes on with their weights`, async ({ page }) => {
    test.setTimeout(240_000)
    const playground = new PlaygroundPage(page)
    await playground.open(shortCircle(400, { backend: 'webgpu', execution }))
    await playground.button('Run both').click()
    await expect.poll(() => playground.step('A'), { timeout: 120_000 }).toBeGreaterThan(20)
    const browser = await page.context().browser()?.newBrowserCDPSession()
    await browser?.send('Browser.crashGpuProcess').catch(() => undefined)
    await playground.lane('A').getByRole('tab', { name: 'Console' }).click()
    const notice = playground.lane('A').getByText(/Training goes on with \w+, from the weights of step \d+/)
    await expect(notice).toBeVisible({ timeout: 120_000 })
    const from = Number(/from the weights of step (\d+)/.exec(await notice.innerText())?.[1])
    await expect.poll(() => playground.step('A'), { timeout: 120_000 }).toBeGreaterThan(from + 5)
    await playground.button('Stop').click()
    const events = await playground.events('A')
    const backends = values(events, 'backend')
    expect(backends[0]).toBe('webgpu')
    expect(backends.length).toBeGreaterThan(1)
    const steps = events.filter(({ tag }) => tag === 'loss').map(({ step }) => step)
    expect(steps).toEqual(Array.from(steps, (_, index) => index + 1))
  })
}

test('a second loss of the GPU, while aligned lanes move on from the first, is survived', async ({
  page,
}) => {
  test.setTimeout(240_000)
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(400, { backend: 'webgpu' }))
  await playground.button('Run both').click()
  await expect.poll(() => playground.step('A'), { timeout: 120_000 }).toBeGreaterThan(5)
  const browser = await page.context().browser()?.newBrowserCDPSession()
  const crash = () => browser?.send('Browser.crashGpuProcess').catch(() => undefined)
  const movesOn = page.waitForEvent('worker', { timeout: 60_000 })
  await crash()
  await movesOn
  await crash()
  const before = await Promise.all((['A', 'B'] as const).map((id) => playground.step(id)))
  for (const [index, id] of (['A', 'B'] as const).entries()) {
    const goesOn = () => playground.step(id)
    await expect.poll(goesOn, { timeout: 120_000 }).toBeGreaterThan((before[index] ?? 0) + 20)
  }
  await playground.button('Stop').click()
  for (const id of ['A', 'B'] as const) {
    await expect(playground.lane(id).getByText('Stopped')).toBeVisible()
    const steps = (await playground.events(id)).filter(({ tag }) => tag === 'loss').map(({ step }) => step)
    expect(steps).toEqual(Array.from(steps, (_, index) => index + 1))
  }
})
