/** Weights of safetensors files: dropped on a lane or chosen, in both styles and executions, and files that do not fit. */
import { expect, test, type Page } from '@playwright/test'
import { writeSafetensors, type NamedTensor } from '../../src/lib/core/export/safetensors'
import { violations } from './accessibility'
import { experiment, losses, PlaygroundPage, values } from './playgroundPage'

/** One unit that looks at the first coordinate: other weights give another loss at once. */
const layers = [{ type: 'dense', units: 1, activation: 'sigmoid', useBias: true }] as const
const opened = (execution: 'eager' | 'static') =>
  experiment(
    {
      model: { layers },
      optimizer: { type: 'sgd', learningRate: 0.001, momentum: 0, nesterov: false, weightDecay: 0 },
      training: { batchSize: 32, epochs: 4, shuffle: true },
    },
    { execution, backend: execution === 'static' ? 'wasm' : 'cpu' },
  )

const tensor = (name: string, shape: number[], numbers: number[]): NamedTensor => ({
  name,
  shape,
  values: Float32Array.from(numbers),
})
/** With these the loss is above 5: nearly all points are said to be of the wrong class, or the right one by chance. */
const keras = writeSafetensors([
  tensor('sequential/dense/kernel', [2, 1], [40, 0]),
  tensor('sequential/dense/bias', [1], [0]),
])
const torch = writeSafetensors([
  tensor('module.0.weight', [1, 2], [40, 0]),
  tensor('module.0.bias', [1], [0]),
])

function fileOf(bytes: Uint8Array, name = 'net.safetensors') {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) }
}

/** Drops a file on a lane as a pointer does. */
async function drop(page: Page, lane: 'A' | 'B', bytes: Uint8Array, name = 'net.safetensors'): Promise<void> {
  const data = await page.evaluateHandle(
    ({ numbers, name }) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(numbers)], name))
      return transfer
    },
    { numbers: [...bytes], name },
  )
  const region = page.getByRole('region', { name: `Lane ${lane}`, exact: true })
  await region.dispatchEvent('dragover', { dataTransfer: data })
  await expect(page.getByText(`Drop a safetensors file to give lane ${lane} its weights`)).toBeVisible()
  await region.dispatchEvent('drop', { dataTransfer: data })
}

for (const execution of ['eager', 'static'] as const) {
  test(`a file that is dropped on a lane gives it its weights, ${execution}`, async ({ page }) => {
    const playground = new PlaygroundPage(page)
    await playground.open(opened(execution))
    await drop(page, 'A', keras)
    const notice = page.getByRole('status').filter({ hasText: 'Lane A has other weights' })
    await expect(notice).toContainText(
      "net.safetensors: 2 tensors since step 0. 'sequential/' before the names in the file was left out.",
    )
    await expect(playground.lane('A').getByText('Paused')).toBeVisible()
    await notice.getByRole('button', { name: 'Dismiss' }).click()
    await playground.button('Resume').click()
    for (const id of ['A', 'B'] as const)
      await expect(playground.lane(id).getByText('Finished')).toBeVisible()
    const a = await playground.events('A')
    const b = await playground.events('B')
    expect(values(a, 'weights')).toHaveLength(1)
    expect(losses(a)[0]).toBeGreaterThan(2)
    // Lane B is aligned: it starts from lane A's weights.
    for (const [step, loss] of losses(a).entries())
      expect(Math.abs(loss - (losses(b)[step] ?? NaN))).toBeLessThan(1e-3)
  })

  test(`a file that is chosen while the lanes rest changes the next loss and the meter says so, ${execution}`, async ({
    page,
  }) => {
    const playground = new PlaygroundPage(page)
    await playground.open(opened(execution))
    await playground.button('Step').click()
    await expect.poll(() => playground.step('B')).toBe(1)
    const lane = playground.lane('B')
    await expect(lane.getByText('Paused')).toBeVisible()
    await lane.getByLabel('Weights of lane B').setInputFiles(fileOf(torch))
    const notice = page.getByRole('status').filter({ hasText: 'Lane B has other weights' })
    await expect(notice).toContainText('2 tensors since step 1.')
    await expect(page.getByText(/Lane B has the weights of a file since step 1/).first()).toBeAttached()
    await playground.button('Step').click()
    await expect.poll(() => playground.step('B')).toBe(2)
    // A chart that is far from the window is not drawn.
    await page.getByLabel('Smoothing').scrollIntoViewIfNeeded()
    await expect(page.getByText('┆ weights loaded').first()).toBeVisible()
    const [before = NaN, after = NaN] = losses(await playground.events('B'))
    expect([before < 2, after > 2]).toEqual([true, true])
  })
}

test('files that do not fit are refused by what was expected and found, and nothing is lost', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  await playground.open(opened('eager'))
  await playground.runToEnd()
  const notice = page.getByRole('status').filter({ hasText: 'These weights cannot be loaded' })
  const files: [Uint8Array, RegExp][] = [
    [Uint8Array.of(1, 2, 3), /safetensors: expected a length, a JSON header and values, got 3 bytes\./],
    [
      torch,
      /net\.safetensors: expected Keras names such as 'dense\/kernel', got PyTorch names such as 'module\.0\.weight'\./,
    ],
    [
      writeSafetensors([tensor('dense/kernel', [3, 1], [1, 2, 3])]),
      /tensor 'dense\/kernel': expected \[2, 1\], got \[3, 1\]\./,
    ],
  ]
  for (const [bytes, message] of files) {
    await drop(page, 'A', bytes)
    await expect(notice).toContainText(message)
    await expect(notice).toContainText('Lane A keeps its own.')
    await notice.getByRole('button', { name: 'Dismiss' }).click()
  }
  await expect(playground.lane('A').getByText('Finished')).toBeVisible()
  expect(losses(await playground.events('A'))).not.toHaveLength(0)
})

test('the button for weights is reached and pressed by keyboard, and axe finds nothing beside its notice', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  await playground.open(opened('eager'))
  const button = playground.lane('A').getByRole('button', { name: 'Load weights into lane A' })
  await button.focus()
  await expect(button).toBeFocused()
  const chooser = page.waitForEvent('filechooser', { timeout: 20_000 })
  await button.press('Enter')
  await (await chooser).setFiles(fileOf(keras))
  await expect(page.getByRole('status').filter({ hasText: 'Lane A has other weights' })).toBeVisible()
  expect(await violations(page)).toEqual([])
})
