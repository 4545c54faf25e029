/** Programs that say too much, throw what is no error, or end what they run in: each fails its own lane, in words. */
import { expect, test, type Page } from '@playwright/test'
import { PlaygroundPage, shortCircle, withProgram } from './playgroundPage'

/** Runs the program in lane A beside the usual one in lane B. */
async function run(page: Page, program: string): Promise<PlaygroundPage> {
  const playground = new PlaygroundPage(page)
  await playground.open(withProgram(program))
  await playground.button('Run both').click()
  return playground
}

/** The other lane trains to its end, and the page goes on to the next run. */
async function expectOthersUnharmed(playground: PlaygroundPage): Promise<void> {
  await expect(playground.lane('B').getByText('Finished')).toBeVisible({ timeout: 60_000 })
  await playground.open(shortCircle(1, { backend: 'cpu' }))
  await playground.runToEnd()
}

const huge = "'x'.repeat(19_000_000)"

for (const [what, program, line, words] of [
  ['a text of 19 MB', `\nthrow ${huge}`, 2, /throw: expected an Error, got "x+… 18\.1 MB more"/],
  ['an error of 19 MB', `\nthrow new Error(${huge})`, 2, /x+… 18\.1 MB more/],
  ['null', '\nthrow null', 2, /throw: expected an Error, got null\./],
  [
    'a revoked proxy',
    'const { proxy, revoke } = Proxy.revocable({}, {})\nrevoke()\nthrow proxy',
    3,
    /got \[an object that cannot be read\]/,
  ],
  [
    'an error whose message throws',
    "\nthrow Object.defineProperty(new Error(), 'message', { get() { throw 1 } })",
    2,
    /It has no message\./,
  ],
  [
    '20,000 names',
    `import { log } from 'tandem/run'\nfor (let i = 0; i < 20000; i++)\n  log({ ['loss' + i]: i })`,
    3,
    /log: expected at most 100 different names in a run/,
  ],
  [
    'a name of 19 MB',
    `import { log } from 'tandem/run'\nlog({ [${huge}]: 1 })`,
    2,
    /log: expected names of at most 200 characters, got 19000000/,
  ],
  [
    'a layer with a name of 10 MB',
    `import { Sequential, Input, layers } from 'tandem/keras'
import { plane } from 'tandem/data'
const { train } = plane({ samples: 100, seed: 1 })
export const model = new Sequential([
  Input({ shape: [2] }), new layers.Dense(1, { name: 'x'.repeat(1e7) }),
])
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
await model.fit(train.x, train.y, { epochs: 1 })`,
    8,
    /model: expected weights with names of at most 200 characters, got/,
  ],
  ['a module from elsewhere', "\nconst a = (b = import('x')) => b", 2, /Programs cannot load other modules/],
  [
    'a promise that nobody awaits',
    "\nPromise.reject(new Error('lost'))\n",
    2,
    /nobody awaited it: Error: lost\./,
  ],
  [
    'an async function that nobody awaits',
    "async function train() {\n  await null\n  throw new Error('lost')\n}\ntrain()\nawait new Promise((go) => setTimeout(go, 50))",
    3,
    /nobody awaited it: Error: lost\./,
  ],
  [
    'a timer that throws',
    "setTimeout(() => {\n  throw new Error('late')\n})\nawait new Promise((go) => setTimeout(go, 50))",
    2,
    /A callback threw while no statement waited for it: Error: late\./,
  ],
  ['a changed built-in', '\nMath.tanh = (x) => x', 2, /Built-ins and frozen objects cannot be changed/],
  ['a request', "\nawait fetch('x')", 2, /A program has no network here/],
  ['the end of its worker', '\nself.close()', 2, /A program is sealed in its lane/],
  [
    'memory of tensors',
    "import * as torch from 'tandem/torch'\nconst kept = []\nfor (;;) kept.push(torch.zeros([64, 2 ** 20]))",
    3,
    /memory: expected tensors of at most/,
  ],
] as const) {
  test(`a program fails in words with its line: ${what}`, async ({ page }) => {
    const playground = await run(page, program)
    const alert = playground.lane('A').getByRole('alert')
    await expect(alert).toContainText(words, { timeout: 60_000 })
    await expect(alert).toContainText(`in line ${line}`)
    expect((await alert.innerText()).length).toBeLessThan(5000)
    await expectOthersUnharmed(playground)
  })
}

test('a console prints any value, of any size, and every way of printing', async ({ page }) => {
  const playground = await run(
    page,
    `console.log(Object.create(null), Symbol('odd'), 10n, [new Map([[1, { a: 1 }]])])
console.log('%s of %d', 'epoch', 3, new Float32Array(1e7))
const cyclic = {}
cyclic.self = cyclic
console.log(cyclic)
console.log(${huge})
console.table([{ a: 1, b: 2 }])
console.group('inside')
console.count()
console.assert(false, 'not so')
console.clear()
console.profile()
`,
  )
  const lane = playground.lane('A')
  await lane.getByRole('tab', { name: 'Console' }).click()
  const console = page.getByRole('region', { name: 'Console of lane A' })
  for (const text of [
    '{} Symbol(odd) 10n [Map(1) {1 => {a: 1}}]',
    'epoch of 3 Float32Array(10000000) [0, 0,',
    '{self: [circular]}',
    '… 18.1 MB more',
    'a | b',
    'default: 1',
    'Assertion failed: not so',
    'earlier lines stay in the console of a lane',
    'console.profile: expected a method that prints',
  ]) {
    await expect(console).toContainText(text)
  }
  await expect(lane.getByText('Finished')).toBeVisible()
})

test('names of the program may be those that are inserted', async ({ page }) => {
  const playground = await run(
    page,
    `#!/usr/bin/env tandem
const $line = 1, $exports = 2, $tandem = 3
debugger
console.log('sum', $line + $exports + $tandem, typeof import.meta.url)
export default $line
`,
  )
  await playground.lane('A').getByRole('tab', { name: 'Console' }).click()
  await expect(playground.lane('A').getByText('sum 6 string')).toBeVisible()
  await expect(playground.lane('A').getByText('Finished')).toBeVisible()
})

test('a worker that sends what is no message fails its lane alone', async ({ page }) => {
  // Stands for a program that reached the worker's own way to send.
  await page.addInitScript(() => {
    window.Worker = class extends Worker {
      override postMessage(message: object, options?: Transferable[] | StructuredSerializeOptions): void {
        if ('program' in message && String(message.program).includes('here')) {
          Object.assign(window, { ofProgram: this })
        }
        super.postMessage(message, options as StructuredSerializeOptions)
      }
    }
  })
  const playground = await run(page, "console.log('here')\nawait new Promise(() => undefined)\n")
  await playground.lane('A').getByRole('tab', { name: 'Console' }).click()
  await expect(playground.lane('A').getByText('here')).toBeVisible()
  await page.evaluate(() => {
    const { ofProgram } = window as unknown as { ofProgram: Worker }
    const data = { type: 'report', runId: 1, report: { step: 'x' } }
    ofProgram.dispatchEvent(new MessageEvent('message', { data }))
  })
  await expect(playground.lane('A').getByRole('alert')).toContainText(
    'lane: expected a whole number of 0 or more at report.step, got x. Reset the lanes.',
  )
  await expectOthersUnharmed(playground)
})

test('a program whose arrays fill its worker is ended before the tab, where the browser tells', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const playground = await run(
    page,
    `const kept = []
for (let i = 0; i < 18; i++) {
  kept.push(new Float64Array(12_500_000).fill(1))
  await new Promise((go) => setTimeout(go))
}
while (kept.length > 0) await new Promise((go) => setTimeout(go, 20))
`,
  )
  const alert = playground.lane('A').getByRole('alert')
  await expect(alert).toContainText(/memory: expected a lane of at most 1536\.0 MB, got [\d.]+ MB/, {
    timeout: 120_000,
  })
  await expectOthersUnharmed(playground)
})
