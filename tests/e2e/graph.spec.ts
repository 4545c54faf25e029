import { readFile } from 'node:fs/promises'
import { expect, test, type Locator } from '@playwright/test'
import { experiment, PlaygroundPage } from './playgroundPage'

/** Lane A static, lane B eager; two short epochs of circle. */
function comparison() {
  const base = experiment({ training: { batchSize: 32, epochs: 2, shuffle: true } })
  const [a, b] = base.lanes
  return {
    ...base,
    lanes: [
      { ...a, execution: 'static', backend: 'wasm' },
      { ...b, execution: 'eager', backend: 'cpu' },
    ] as const,
  }
}

/** Nodes that a stage's option names: `Result: 46 nodes`. */
async function nodesAtEachStage(view: Locator): Promise<number[]> {
  const texts = await view.getByLabel('Stage', { exact: true }).locator('option').allInnerTexts()
  return texts.map((text) => Number(/(\d+) nodes/.exec(text)?.[1]))
}

test('a static lane shows its graph, what the passes did, and the values in it', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(comparison())
  const lane = playground.lane('A')
  await lane.getByRole('tab', { name: 'Graph' }).click()
  await expect(lane.getByText('Run this lane: the traced step appears here.')).toBeVisible()
  await playground.runToEnd()
  await lane.getByRole('button', { name: 'Enlarge' }).click()
  const view = page.getByRole('dialog', { name: 'Graph of lane A' })

  const layer = view.getByRole('button', { name: /^dense_1 \d+ nodes$/ }).first()
  await expect(layer).toHaveAttribute('aria-expanded', 'false')
  await expect(view.getByText('32×2').first()).toBeVisible()
  const counts = await nodesAtEachStage(view)
  expect(counts.length).toBeGreaterThan(6)
  expect(counts.at(-1)).toBeLessThan((counts[0] ?? 0) / 2)
  await view.getByRole('button', { name: /^Remove what nothing uses/ }).click()
  await expect(view.getByText(/Gone: \w+|Found nothing to do/)).toBeVisible()
  await view.getByLabel('Stage', { exact: true }).selectOption({ index: counts.length - 1 })

  await layer.click()
  await expect(view.getByRole('button', { name: /^Tanh 32×8$/ }).first()).toBeVisible()
  await view
    .getByRole('button', { name: /^dense_1 \d+$/ })
    .first()
    .click()
  await expect(view.getByRole('button', { name: /^dense_1 \d+ nodes$/ }).first()).toBeVisible()

  await view.getByRole('searchbox', { name: 'Search nodes' }).fill('sigmoid')
  await expect(view.getByText(/^\d+ found$/)).not.toHaveText('0 found')
  await expect(view.getByRole('heading', { name: /^Sigmoid float32 32×1/ })).toBeVisible()
  await expect(view.locator('.marked[data-line]')).toHaveCount(1)

  await view.getByRole('button', { name: 'Step through' }).click()
  await expect(view.getByText(/^node 1 of \d+$/)).toBeVisible()
  await view.getByRole('button', { name: 'Next', exact: true }).click()
  await expect(view.getByText(/^node 2 of \d+$/)).toBeVisible()
  await expect(view.getByText('not finite')).toBeVisible()
  await expect(view.getByText('with the weights after step 16')).toBeVisible()

  await view.getByRole('radio', { name: 'Table' }).check()
  await expect(view.getByRole('columnheader', { name: 'Mean' })).toBeVisible()
  await expect(view.getByRole('row')).toHaveCount((counts.at(-1) ?? 0) + 1)
  const download = page.waitForEvent('download')
  await view.getByRole('button', { name: 'ONNX' }).click()
  const bytes = await readFile(await (await download).path())
  expect(bytes.includes('trainStep')).toBe(true)
})

test('lines of the program and nodes of the graph lead to one another', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(comparison())
  await playground.runToEnd()
  const lane = playground.lane('A')
  const gutter = lane.getByRole('button', { name: /^Line \d+: show its \d+ nodes$/ })
  const line = Number(/\d+/.exec((await gutter.first().getAttribute('aria-label')) ?? '')?.[0])
  await gutter.first().click()
  await expect(lane.getByRole('tab', { name: 'Graph' })).toHaveAttribute('aria-selected', 'true')
  await expect(lane.getByText(/^\d+ found$/)).toBeVisible()
  await lane.getByRole('button', { name: `line ${String(line)}`, exact: true }).click()
  await expect(lane.locator(`.marked[data-line="${String(line)}"]`)).toBeVisible()
})

test('an eager lane shows the tape that grows, is consumed and is freed', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(comparison())
  await playground.runToEnd()
  const lane = playground.lane('B')
  await lane.getByRole('tab', { name: 'Tape' }).click()
  await lane.getByRole('button', { name: 'Walk through' }).click()
  const counter = lane.locator('strong', { hasText: 'tape:' })
  await expect(counter).toContainText('tape: 0 nodes, 0 tensors kept')
  await lane.getByRole('button', { name: 'Next', exact: true }).click()
  await expect(counter).toContainText('tape: 1 node, ')
  await expect(lane.getByText(/runs; the tape records it/)).toBeVisible()
  await lane.getByRole('slider', { name: 'Moment' }).press('End')
  await expect(counter).toContainText('tape: 0 nodes, 0 tensors kept')
  await lane.getByRole('radio', { name: 'Table' }).check()
  await expect(lane.getByRole('columnheader', { name: 'Tape' })).toBeVisible()
})
