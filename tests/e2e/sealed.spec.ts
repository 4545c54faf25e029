import { expect, test, type Page } from '@playwright/test'
import { generateProgram } from '../../src/lib/core/codegen'
import type { Execution, LaneSettings } from '../../src/lib/core/spec/schema'
import { changesArrays, changesBuiltins, looksForRoads } from './hostilePrograms'
import { losses, PlaygroundPage, shortCircle, withProgram } from './playgroundPage'

/** Tells the page that the machine has so many cores, whatever it has: a lane's engine gets half of them as threads. */
async function withCores(page: Page, cores: number): Promise<void> {
  await page.addInitScript((count) => {
    Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => count })
  }, cores)
}

/** Lane A with what is written before its generated program, lane B generated. */
function withPrelude(prelude: string, settings: Partial<LaneSettings> & { execution: Execution }) {
  const base = shortCircle(5, settings)
  const generated = generateProgram(base.spec, 'keras', { lane: 'A', execution: settings.execution })
  const lines = generated.split('\n')
  const firstStatement = lines.findIndex((line) => line !== '' && !line.startsWith('import '))
  const program = [...lines.slice(0, firstStatement), prelude, ...lines.slice(firstStatement)].join('\n')
  return withProgram(program, base)
}

async function consoleOfA(playground: PlaygroundPage) {
  await playground.lane('A').getByRole('tab', { name: 'Console' }).click()
  return playground.page.getByRole('region', { name: 'Console of lane A' })
}

const threads = [2, 4] as const

for (const count of threads) {
  test(`with ${count} engine threads a program can neither change built-ins nor find a way out`, async ({
    page,
  }) => {
    await withCores(page, 2 * count)
    const playground = new PlaygroundPage(page)
    const prelude = changesBuiltins + changesArrays + looksForRoads
    await playground.open(withPrelude(prelude, { execution: 'static', backend: 'wasm' }))
    await playground.runToEnd()
    const printed = await consoleOfA(playground)
    for (const text of ['changed: .', 'handed: .', 'of arrays: .', 'visited true, roads: .']) {
      await expect(printed.getByText(text, { exact: true })).toBeVisible()
    }
    expect(losses(await playground.events('A'))).toHaveLength(40)
  })
}

for (const settings of [
  { execution: 'eager', backend: 'cpu' },
  { execution: 'eager', backend: 'wasm' },
  { execution: 'static', backend: 'wasm' },
] as const) {
  test(`a program cannot leave a lane that is ${settings.execution} on ${settings.backend}`, async ({
    page,
  }) => {
    const playground = new PlaygroundPage(page)
    await playground.open(withPrelude(changesBuiltins + looksForRoads, settings))
    await playground.runToEnd()
    const printed = await consoleOfA(playground)
    for (const text of ['changed: .', 'handed: .', 'visited true, roads: .']) {
      await expect(printed.getByText(text, { exact: true })).toBeVisible()
    }
  })
}

test('what a program leaves behind is gone before the next one runs, also after Reset and a new link', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  const leaves = `
globalThis.left = 'something'
setInterval(() => console.log('a timer goes on'), 20)
addEventListener('message', ({ data }) => console.log('heard ' + data.type))
`
  await playground.open(withPrelude(leaves, { execution: 'eager', backend: 'cpu' }))
  await playground.runToEnd()
  await playground.button('Reset').click()
  await playground.lane('A').getByRole('button', { name: 'Return to generated' }).click()
  await playground.runToEnd()
  const printed = await consoleOfA(playground)
  await expect(printed.getByText('Nothing printed.')).toBeVisible()
  const afterwards = losses(await playground.events('A'))
  await playground.open(withPrelude(leaves, { execution: 'eager', backend: 'cpu' }))
  await playground.runToEnd()
  const looks = `console.log('left: ' + typeof globalThis.left)`
  await playground.open(withPrelude(looks, { execution: 'eager', backend: 'cpu' }))
  await playground.runToEnd()
  await expect((await consoleOfA(playground)).getByText('left: undefined')).toBeVisible()
  expect(losses(await playground.events('A'))).toEqual(afterwards)
})

test('classes that a program gets cannot be given another parent, which would be handed what is private', async ({
  page,
}) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const playground = new PlaygroundPage(page)
  const program = `import * as torch from 'tandem/torch'
let handed
const parent = Object.getPrototypeOf(torch.Tensor)
for (const [name, act] of Object.entries({
  parent: () => Object.setPrototypeOf(torch.Tensor, class extends parent { constructor(...given) { super(...given); handed = given[0]?.step } }),
  arrays: () => Object.setPrototypeOf(Array.prototype, new Proxy(Object.prototype, {})),
})) try { act(); console.log('changed ' + name) } catch (error) { console.log('kept ' + name) }
console.log('gave ' + (await torch.compile((x) => x.add(1))(torch.tensor([1])).tolist()))
try { await handed.graph.options.runtime.settings.download(location.origin + '/?leak') } catch {}
console.log('handed ' + typeof handed)
`
  await playground.open(withProgram(program))
  await playground.runToEnd()
  const printed = await consoleOfA(playground)
  for (const text of ['kept parent', 'kept arrays', 'gave 2', 'handed undefined']) {
    await expect(printed.getByText(text, { exact: true })).toBeVisible()
  }
  expect(asked.filter((url) => url.includes('leak'))).toEqual([])
})

test('an engine that starts for what an eager program compiles takes no address from the program', async ({
  page,
}) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const playground = new PlaygroundPage(page)
  const program = `import { compile, ones } from 'tandem/torch'
const leak = 'imp' + 'ort("/?leak")'
const url = URL.createObjectURL(new Blob([leak], { type: 'text/javascript' }))
for (const key of ['href', 'mjs', 'wasm', 'then']) {
  try { Object.defineProperty(Object.prototype, key, { configurable: true, get() { return url } }); console.log('took ' + key) } catch {}
}
const double = compile((x) => x.mul(2))
console.log('doubled ' + (await double(ones(2)).tolist()))
`
  await playground.open(withProgram(program))
  await playground.runToEnd()
  const printed = await consoleOfA(playground)
  await expect(printed.getByText('doubled 2,2', { exact: true })).toBeVisible()
  await expect(printed.getByText(/^took/)).toBeHidden()
  expect(asked.filter((url) => url.includes('leak'))).toEqual([])
})
