import { expect, test, type Page } from '@playwright/test'
import { listen } from './otherOrigin'
import { PlaygroundPage, shortCircle } from './playgroundPage'

class EditorPage extends PlaygroundPage {
  editor(id: 'A' | 'B') {
    return this.lane(id).getByRole('textbox', { name: `Program of lane ${id}` })
  }

  async edit(id: 'A' | 'B') {
    await this.lane(id)
      .getByRole('button', { name: `Edit the program of lane ${id}` })
      .click()
    const editor = this.editor(id)
    await expect(editor).toBeFocused()
    return editor
  }

  /** Puts `text` in place of the program. */
  async write(id: 'A' | 'B', text: string): Promise<void> {
    await this.edit(id)
    await this.page.keyboard.press('ControlOrMeta+a')
    await this.page.keyboard.insertText(text)
  }

  /** The text of the lines on screen. */
  async shown(id: 'A' | 'B'): Promise<string> {
    return (await this.editor(id).locator('.cm-line').allInnerTexts())
      .map((line) => line.replace(/\n$/, ''))
      .join('\n')
  }
}

/** A Keras-style program that says this of its execution. */
function keras(option: string): string {
  return `import { Input, layers, Sequential } from 'tandem/keras'
const tanh = { activation: 'tanh' }
export const model = new Sequential([
  new Input({ shape: [2] }),
  new layers.Dense(8, tanh), new layers.Dense(8, tanh), new layers.Dense(1)
])
model.compile({ optimizer: 'sgd', loss: 'mse', ${option} })
await model.fit([[1, 2], [3, 4]], [[1], [2]], { epochs: 3 })
`
}

function violations(page: Page): string[] {
  const found: string[] = []
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) found.push(message.text())
  })
  page.on('pageerror', (error) => found.push(error.message))
  return found
}

for (const execution of ['eager', 'static'] as const) {
  test(`an edited program runs, ${execution}, and is undone after the run`, async ({ page }) => {
    const complaints = violations(page)
    const playground = new EditorPage(page)
    await playground.open(shortCircle(2, { backend: 'wasm', execution }))
    await playground.edit('A')
    await page.keyboard.press('ControlOrMeta+Home')
    await page.keyboard.insertText("console.log('from the editor')\n")
    await expect(
      playground.lane('A').getByText('Edited program: settings no longer change it.'),
    ).toBeVisible()
    await page.keyboard.press('Control+Enter')
    await expect(playground.lane('A').getByText('Finished')).toBeVisible({ timeout: 60_000 })
    await expect(playground.lane('B').getByText('Finished')).toBeVisible({ timeout: 60_000 })
    await playground.lane('A').getByRole('tab', { name: 'Console' }).click()
    await expect(playground.lane('A').getByText('from the editor')).toBeVisible()
    await playground.lane('A').getByRole('tab', { name: 'Code' }).click()
    await page.keyboard.press('Alt+r')
    await playground.editor('A').click()
    await page.keyboard.press('ControlOrMeta+z')
    await expect(playground.lane('A').getByText('Edited program')).toBeHidden()
    expect(await playground.shown('A')).not.toContain('from the editor')
    expect(complaints).toEqual([])
  })
}

test('the editor takes the place of the pane line by line', async ({ page }) => {
  const playground = new EditorPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  const tops = () =>
    playground
      .lane('A')
      .locator('[data-line]')
      .evaluateAll((lines) =>
        lines.slice(0, 12).map((line) => {
          const { top, height } = line.getBoundingClientRect()
          return [Math.round(top), Math.round(height)]
        }),
      )
  const textLeft = (selector: string) =>
    playground
      .lane('A')
      .locator(selector)
      .first()
      .evaluate((line) => {
        const range = document.createRange()
        range.selectNodeContents(line)
        return Math.round(range.getBoundingClientRect().left)
      })
  const before = await tops()
  const leftBefore = await textLeft('.line .text')
  await playground.lane('A').locator('[data-line="3"]').click()
  await expect(playground.editor('A')).toBeFocused()
  expect(await tops()).toEqual(before)
  expect(await textLeft('.cm-line')).toBe(leftBefore)
})

test('completes and explains names, underlines errors, and formats', async ({ page }) => {
  const playground = new EditorPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  const text = "import { optimizers } from 'tandem/keras'\nexport const optimizer = new optimizers."
  await playground.write('A', text)
  await page.keyboard.type('Ada')
  const offered = page.getByRole('listbox').getByRole('option')
  await expect(offered).toHaveText(['Adagrad', 'Adam', 'AdamW'])
  await page.keyboard.type('m')
  await expect(offered).toHaveText(['Adam', 'AdamW'])
  await page.keyboard.press('Enter')
  await page.keyboard.type('({ beta')
  await expect(offered).toHaveText(['beta1', 'beta2'])
  await page.keyboard.press('Escape')
  await playground.editor('A').getByText('Adam', { exact: true }).hover()
  await expect(page.getByText(/^new Adam\(/)).toBeVisible()

  await playground.editor('A').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('const class = 1')
  await expect(playground.lane('A').locator('.cm-lintRange-error')).toHaveText('class')
  await playground.lane('A').getByRole('button', { name: 'Format' }).click()
  await expect(playground.lane('A').getByText(/^Not formatted: /)).toBeVisible()
  await playground.editor('A').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('const a=[1,2];  console.log("x",a)')
  await playground.lane('A').getByRole('button', { name: 'Format' }).click()
  await expect.poll(() => playground.shown('A')).toBe("const a = [1, 2]\nconsole.log('x', a)\n")
})

test('how a program runs is what its text says, wherever that is changed', async ({ page }) => {
  const playground = new EditorPage(page)
  await playground.open(shortCircle(2, { backend: 'wasm', execution: 'eager' }))
  const execution = (id: 'A' | 'B') => page.getByLabel(`Execution of lane ${id}`, { exact: true })
  const graph = (id: 'A' | 'B', name: string) => playground.lane(id).getByRole('tab', { name })

  await playground.write('A', keras('runEagerly: false'))
  await expect(execution('A')).toHaveValue('static')
  await expect(graph('A', 'Graph')).toBeVisible()
  await expect(page.getByLabel('Style of lane A')).toBeDisabled()

  await playground.edit('B')
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.insertText("console.log('done')\n")
  await expect(execution('B')).toHaveValue('eager')
  await execution('B').selectOption('static')
  await expect(playground.editor('B')).toContainText('const trainStep = compile((x, y) => {')
  await playground.runToEnd()
  for (const id of ['A', 'B'] as const) {
    await expect(execution(id)).toHaveValue('static')
    await playground.lane(id).getByRole('tab', { name: 'Ledger' }).click()
    await expect(playground.lane(id).getByText('Traces')).toBeVisible()
    await playground.lane(id).getByRole('tab', { name: 'Code' }).click()
  }

  await execution('A').selectOption('eager')
  await expect(playground.editor('A')).toContainText('runEagerly: true')
  await execution('B').selectOption('eager')
  await expect(execution('B')).toHaveValue('eager')
  await playground.runToEnd()
  for (const id of ['A', 'B'] as const) await expect(graph(id, 'Tape')).toBeVisible()

  await playground.editor('A').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(keras('runEagerly: isSlow'))
  await expect(execution('A')).toBeDisabled()
  await expect(playground.lane('A').getByText('Write true or false for runEagerly')).toBeVisible()
})

test('shows what differs from the generated program and returns to it', async ({ page }) => {
  const playground = new EditorPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  await playground.edit('A')
  const generated = await playground.shown('A')
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.insertText('// mine\n')
  const lane = playground.lane('A')
  await page.getByRole('textbox', { name: 'Epochs' }).fill('3')
  await page.getByRole('textbox', { name: 'Epochs' }).press('Enter')
  await expect(lane.getByText('Edited program: settings no longer change it.')).toBeVisible()
  await lane.getByRole('button', { name: 'Show changes' }).first().click()
  await expect(lane.locator('.cm-changedLine').first()).toContainText('// mine')
  await lane.getByRole('button', { name: 'Return to generated' }).click()
  await expect(lane.getByText('Edited program')).toBeHidden()
  expect(await playground.shown('A')).not.toContain('// mine')
  expect((await playground.shown('A')).split('\n')[0]).toBe(generated.split('\n')[0])
  await lane.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => playground.shown('A')).toContain('// mine')
})

test('an edit during a run counts from the next run on', async ({ page }) => {
  const playground = new EditorPage(page)
  await playground.open(shortCircle(400, { backend: 'cpu' }))
  await playground.button('Run both').click()
  await expect.poll(() => playground.step('A')).toBeGreaterThan(5)
  await playground.edit('A')
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.insertText("throw new Error('of the edited text')\n")
  await expect(
    playground
      .lane('A')
      .getByText(/The run goes on with its own text\. Run again to use the\s+edited text\./),
  ).toBeVisible()
  const step = await playground.step('A')
  await expect.poll(() => playground.step('A')).toBeGreaterThan(step)
  await playground.button('Stop').click()
  await expect(playground.lane('A').getByText('Stopped')).toBeVisible()
  await playground.button('Run both').click()
  await expect(playground.lane('A').getByRole('alert')).toContainText('of the edited text')
  await expect(playground.lane('A').locator('.cm-line.failed')).toContainText('of the edited text')
})

test('a text of more than 50,000 characters is refused with a message', async ({ page }) => {
  const playground = new EditorPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  await playground.write('A', `// ${'x'.repeat(50_000)}`)
  await expect(
    playground.lane('A').getByText('Not changed: expected a program of at most 50,000 characters'),
  ).toBeVisible()
  expect(await playground.shown('A')).toContain('await model.fit')
})

test('the keyboard leaves the editor by Escape and Tab', async ({ page }) => {
  const playground = new EditorPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  const editor = await playground.edit('A')
  await page.keyboard.press('Tab')
  await expect(editor).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await expect(editor).not.toBeFocused()
})

test('a program in a link is shown for review and does not run by itself', async ({
  page,
  browser,
  baseURL,
}) => {
  const writer = new EditorPage(page)
  await writer.open(shortCircle(2, { backend: 'cpu' }))
  const before = page.url()
  await writer.write('A', "console.log('shared')\n")
  await page.waitForURL((url) => url.href !== before)
  const context = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }) })
  const reader = new EditorPage(await context.newPage())
  await reader.page.goto(page.url())
  const lane = reader.lane('A')
  const note = lane.getByText('This link brought an edited program. Read it before you run it.')
  await expect(note).toBeVisible()
  await expect(lane.getByText("console.log('shared')")).toBeVisible()
  await expect(lane.getByText('Ready')).toBeVisible()
  await reader.page.reload()
  await expect(note).toBeVisible()
  await lane.getByRole('tab', { name: 'Console' }).click()
  await expect(lane.getByText('shared')).toBeHidden()
  await reader.button('Run both').click()
  await expect(lane.getByText('shared')).toBeVisible()
  await lane.getByRole('tab', { name: 'Code' }).click()
  await expect(note).toBeHidden()
  await context.close()
})

test('a hostile program can neither fetch elsewhere, nor read storage, nor freeze the page', async ({
  page,
}) => {
  const other = await listen()
  const playground = new EditorPage(page)
  const { spec, ...others } = shortCircle(2, { backend: 'cpu' })
  // Aligned, lane B would wait for the weights of a lane that never gives them.
  await playground.open({ ...others, spec: { ...spec, alignment: 'native' } })
  await page.evaluate(() => localStorage.setItem('secret', 'of the page'))
  await playground.write(
    'A',
    `const tried = async (name, act) => {
  try { console.log(name, 'gave', await act()) } catch { console.log(name, 'blocked') }
}
const scope = Object.getPrototypeOf(globalThis)
await tried('fetch', () => fetch('${other.url}'))
await tried('beacon', () => navigator.sendBeacon('${other.url}'))
await tried('request', () => new Promise((done, fail) => {
  const request = new XMLHttpRequest()
  request.onload = done
  request.onerror = fail
  request.open('GET', '${other.url}')
  request.send()
}))
await tried('socket', () => new Promise((open, fail) => {
  const socket = new WebSocket('${other.url.replace('http', 'ws')}')
  socket.onopen = open
  socket.onerror = fail
}))
await tried('events', () => new Promise((open, fail) => {
  const source = new EventSource('${other.url}')
  source.onopen = open
  source.onerror = fail
}))
await tried('localStorage', () => localStorage.getItem('secret'))
await tried('indexedDB', () => indexedDB.databases())
await tried('caches', () => caches.keys())
await tried('inherited', () => scope.indexedDB.databases())
await tried('files', () => navigator.storage.getDirectory())
await tried('page', () => parent.document.title)
await tried('other tabs', () => new BroadcastChannel('any'))
await tried('fresh realm', () => new Worker('data:text/javascript,'))
console.log('all tried')
while (true) {}
`,
  )
  await playground.lane('A').getByRole('tab', { name: 'Console' }).click()
  await playground.button('Run both').click()
  await expect(playground.lane('B').getByText('Finished')).toBeVisible({ timeout: 60_000 })
  // The program never yields, and the page still answers.
  await page.getByRole('button', { name: /theme/i }).first().click()
  await playground.button('Stop').click()
  await expect(playground.lane('A').getByText('Stopped')).toBeVisible()
  const printed = await playground.lane('A').getByRole('region', { name: 'Console of lane A' }).innerText()
  expect(printed).not.toContain('gave')
  expect(other.asked).toEqual([])
  await other.stop()
})
