import { readFileSync } from 'node:fs'
import { expect, test, type Page } from '@playwright/test'
import type { Experiment } from '../../src/lib/core/spec/schema'
import { violations } from './accessibility'
import { losses, PlaygroundPage, shortCircle } from './playgroundPage'

/** Three kinds apart from each other in both columns; 60 rows. */
const flowers = [
  'length,width,note,kind',
  ...Array.from({ length: 60 }, (_, row) => {
    const kind = row % 3
    return `${(1 + 2 * kind + (row % 7) / 10).toFixed(1)},${20 + 10 * kind - (row % 5)},n${row},${'abc'[kind] ?? ''}`
  }),
].join('\n')
const slip = flowers.replace('3.1,28,n4', '3.1,wide,n4').replace('3.4,26,n4', '3.4,wide,n4')

function upload(name: string, text: string) {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(text) }
}

/** Lane A eager, lane B static. */
function bothExecutions(epochs: number): Experiment {
  const base = shortCircle(epochs, { backend: 'cpu' })
  const [a, b] = base.lanes
  return { ...base, lanes: [a, { ...b, execution: 'static', backend: 'wasm' }] }
}

async function openFile(page: Page) {
  await page.getByLabel('Dataset').selectOption({ label: 'CSV file …' })
  const dialog = page.getByRole('dialog', { name: 'CSV file' })
  await expect(dialog).toBeVisible()
  const give = (name: string, text: string) =>
    dialog.getByLabel('CSV file', { exact: true }).setInputFiles(upload(name, text))
  return { dialog, give, use: dialog.getByRole('button', { name: 'Use this file' }) }
}

test('a CSV file is chosen, trained on in both executions with equal losses, and is there after a reload', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  await playground.open(bothExecutions(4))
  const { dialog, give, use } = await openFile(page)
  await give('flowers.csv', flowers)
  await expect(dialog.getByText('60 rows, 4 columns')).toBeVisible()
  await expect(dialog.getByLabel(/^Label/)).toHaveValue('kind')
  await dialog.getByLabel(/^Label/).selectOption('width')
  await expect(dialog.getByRole('radio', { name: 'Regression' })).toBeChecked()
  await dialog.getByLabel(/^Label/).selectOption('kind')
  await expect(dialog.getByText('2 features to predict one of 3 classes, kind.')).toBeVisible()
  await use.click()
  await expect(dialog).toBeHidden()

  await expect(
    page.getByRole('img', { name: 'width over length: 48 training and 12 test rows, 3 classes.' }),
  ).toBeVisible()
  await playground.runToEnd()
  await expect(page.getByRole('img', { name: /Decision boundary of lane B after step 8/ })).toBeVisible()
  const a = losses(await playground.events('A'))
  const b = losses(await playground.events('B'))
  expect(a).toHaveLength(8)
  for (const [step, loss] of a.entries()) expect(Math.abs(loss - (b[step] ?? NaN))).toBeLessThan(1e-5)

  await page.reload()
  await expect(page.getByRole('img', { name: /^width over length/ })).toBeVisible()
  await playground.button('Step').click()
  await expect.poll(() => playground.step('A')).toBe(1)
})

test('a file that cannot be used names row and column, and the data stay as they are', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  const { dialog, give, use } = await openFile(page)
  await give('ragged.csv', 'a,b\n1,2\n3')
  await expect(dialog.getByText(/csv: row 3: expected 2 fields as in the header, got 1/)).toBeVisible()
  await expect(use).toHaveAttribute('aria-disabled', 'true')
  await give('slip.csv', slip)
  await expect(dialog.getByText(/column "width": expected a number, got "wide"/)).toBeVisible()
  await expect(use).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByRole('checkbox', { name: 'width' }).uncheck()
  await expect(use).toHaveAttribute('aria-disabled', 'false')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByLabel('Dataset')).toHaveValue('circle')
})

test('a link to a file that is not here asks for it, and keeps the experiment until then', async ({
  page,
  browser,
}) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  const before = page.url()
  const { give, use, dialog } = await openFile(page)
  await give('flowers.csv', flowers)
  await use.click()
  await expect(dialog).toBeHidden()
  await expect(page).not.toHaveURL(before)
  const link = page.url()

  const context = await browser.newContext({ baseURL: new URL('.', link).href })
  const other = await context.newPage()
  await other.goto(link)
  const request = other.getByRole('region', { name: 'The file flowers.csv is needed' })
  await expect(request).toContainText('It needs the columns length, width and the label kind.')
  await expect(other.getByLabel('Dataset')).toHaveValue('circle')
  const picker = request.getByLabel('CSV file of the experiment')
  await picker.setInputFiles(upload('wrong.csv', 'a,b\n1,2\n'))
  await expect(request.getByText(/csv: column "length": expected it once in the header/)).toBeVisible()
  await picker.setInputFiles(upload('flowers.csv', flowers))
  await expect(request).toBeHidden()
  await expect(other.getByLabel('Dataset')).toHaveValue('csv')
  await context.close()
})

/** As R writes it, with texts and with values that are missing. */
const penguins = readFileSync('tests/tables/penguins.csv', 'utf8')

test('texts become columns of zeros and ones, and rows with gaps are skipped, in words', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(bothExecutions(2))
  const { dialog, give, use } = await openFile(page)
  await give('penguins.csv', `# from R\n${penguins}\n`)
  await expect(dialog.getByText('21 rows, 8 columns; 1 comment left out')).toBeVisible()
  await dialog.getByLabel(/^Label/).selectOption('species')
  await expect(
    dialog.getByText(/csv: row 6, column "bill_length_mm": expected a number, got "NA"/),
  ).toBeVisible()
  await expect(use).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByRole('checkbox', { name: 'sex' }).check()
  await dialog.getByRole('checkbox', { name: 'island' }).check()
  await dialog.getByRole('checkbox', { name: 'Skip 3 rows with gaps' }).check()
  await expect(dialog.getByText('6 features (9 numbers) to predict one of 3 classes, species.')).toBeVisible()
  await expect(dialog.getByText('14 rows train, 4 test. 3 with gaps skipped.')).toBeVisible()
  await use.click()
  await expect(dialog).toBeHidden()
  await expect(playground.lane('A').getByText("{ column: 'sex', values: ['female', 'male'] }")).toBeVisible()
  await playground.runToEnd()
  const a = losses(await playground.events('A'))
  const b = losses(await playground.events('B'))
  expect(a.length).toBeGreaterThan(0)
  for (const [step, loss] of a.entries()) expect(Math.abs(loss - (b[step] ?? NaN))).toBeLessThan(1e-4)
})

for (const [colorScheme, width] of [
  ['light', 1440],
  ['dark', 390],
] as const) {
  test(`axe finds nothing where a file is chosen, ${colorScheme}, ${width} wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await new PlaygroundPage(page).open(shortCircle(2, { backend: 'cpu' }))
    const { dialog, give, use } = await openFile(page)
    await give('ragged.csv', 'a,b\n1,2\n3')
    await expect(dialog.getByText(/csv: row 3/)).toBeVisible()
    expect(await violations(page)).toEqual([])
    await give('flowers.csv', flowers)
    await expect(dialog.getByText('60 rows, 4 columns')).toBeVisible()
    expect(await violations(page)).toEqual([])
    await use.click()
    await expect(page.getByRole('button', { name: 'Edit data …' })).toBeVisible()
    expect(await violations(page)).toEqual([])
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
  })
}
