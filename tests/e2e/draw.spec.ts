import { expect, test, type Page } from '@playwright/test'
import type { Spec } from '../../src/lib/core/spec/schema'
import { parseSpec } from '../../src/lib/core/spec/parse'
import { experiment, PlaygroundPage } from './playgroundPage'

/** Digits, a small net, a few steps. */
const spec: Spec = parseSpec({
  version: 1,
  data: { kind: 'digits', samples: 400 },
  model: {
    layers: [
      { type: 'flatten' },
      { type: 'dense', units: 16, activation: 'relu' },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  loss: 'sparseCategoricalCrossentropy',
  optimizer: { type: 'adam', learningRate: 0.01 },
  training: { batchSize: 32, epochs: 2 },
})

const panelOf = (page: Page) => page.getByRole('region', { name: 'Draw a digit' })
const padOf = (page: Page) => panelOf(page).getByRole('button', { name: 'Drawing pad' })
const imageOf = (page: Page) => panelOf(page).getByRole('img', { name: 'The drawing in 28 × 28 pixels' })

/** A one, by pointer. */
async function drawOne(page: Page): Promise<void> {
  const box = await padOf(page).boundingBox()
  if (box === null) throw new Error('expected a pad')
  await page.mouse.move(box.x + box.width / 2, box.y + 0.15 * box.height)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + 0.85 * box.height, { steps: 5 })
  await page.mouse.up()
}

/** The ten percentages of a lane, once they are there. */
async function shares(page: Page, lane: 'A' | 'B'): Promise<number[]> {
  const rows = panelOf(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') })
  const cells = rows.getByRole('cell').filter({ hasText: '%' })
  await expect(cells).toHaveCount(20)
  const texts = await cells.allInnerTexts()
  return texts.filter((_, index) => (index % 2 === 0) === (lane === 'A')).map((text) => parseFloat(text))
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

test('a digit is drawn by pointer, and both lanes read it while they rest, train and after', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  const base = experiment(spec, { backend: 'wasm' })
  await playground.open({ ...base, lanes: [base.lanes[0], { ...base.lanes[1], execution: 'static' }] })
  await page.getByRole('button', { name: 'Draw a digit' }).click()
  await drawOne(page)
  await expect(imageOf(page)).toBeVisible()
  await expect(panelOf(page)).toContainText('Nothing is trained yet')
  await playground.button('Step').click()
  for (const lane of ['A', 'B'] as const) expect(sum(await shares(page, lane))).toBeCloseTo(100, 0)
  await expect(panelOf(page).getByText('after step 1', { exact: false }).first()).toBeVisible()
  await playground.button('Resume').click()
  for (const id of ['A', 'B'] as const) await expect(playground.lane(id).getByText('Finished')).toBeVisible()
  await expect(panelOf(page).getByText(/% after step 20/)).toHaveCount(2)
  const [a, b] = [await shares(page, 'A'), await shares(page, 'B')]
  expect(sum(a)).toBeCloseTo(100, 0)
  expect(b).toEqual(a)
  await expect(
    panelOf(page).getByText(/After step 20 their answers are at most ([\d.]+e-\d+|0) apart/),
  ).toBeVisible()
  const before = await panelOf(page).getByRole('table').innerText()
  await panelOf(page).getByRole('button', { name: 'Clear' }).click()
  await expect(panelOf(page).getByText('no answer yet')).toHaveCount(2)
  await panelOf(page).getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => panelOf(page).getByRole('table').innerText()).toBe(before)
})

test('a digit is drawn by keyboard; a lane that fails leaves the other one reading', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  const base = experiment(spec, { backend: 'cpu' })
  const program = "import { nn } from 'tandem/torch'\nexport const model = new nn.Linear(3, 10)"
  await playground.open({ ...base, lanes: [base.lanes[0], { ...base.lanes[1], program }] })
  await page.getByRole('button', { name: 'Draw a digit' }).press('Enter')
  await expect(padOf(page)).toBeFocused()
  await page.keyboard.press('Space')
  await expect(padOf(page)).toHaveAttribute('aria-pressed', 'true')
  for (let press = 0; press < 6; press++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await expect(padOf(page)).toHaveAttribute('aria-pressed', 'false')
  await expect(imageOf(page)).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(panelOf(page).getByRole('img', { name: 'An empty image' })).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(imageOf(page)).toBeVisible()
  await panelOf(page).getByRole('button', { name: 'Train both lanes' }).click()
  await expect(panelOf(page).getByText(/% after step 20/)).toHaveCount(1)
  await expect(panelOf(page)).toContainText(
    /Lane B: classify: expected a model that takes an image \[1, 1, 28, 28\], got one that says: .*return to the generated program/,
  )
  await panelOf(page).getByRole('button', { name: 'Close' }).click()
  await expect(page.getByRole('button', { name: 'Draw a digit' })).toBeFocused()
})
