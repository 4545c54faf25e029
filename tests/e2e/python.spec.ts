import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test, type Download, type Locator, type Page } from '@playwright/test'
import { strFromU8, unzipSync } from 'fflate'
import { float32Values, readSafetensors } from '../../src/lib/core/export/safetensors'
import { losses, PlaygroundPage, shortCircle } from './playgroundPage'

const dialogOf = (page: Page, lane: 'A' | 'B') => page.getByRole('dialog', { name: `Lane ${lane} in Python` })

async function openPython(page: Page, lane: 'A' | 'B'): Promise<void> {
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page
    .getByRole('dialog', { name: 'Export' })
    .getByRole('button', { name: `Lane ${lane} in Python` })
    .click()
  await expect(dialogOf(page, lane)).toBeVisible()
}

async function downloaded(page: Page, lane: 'A' | 'B', button: string): Promise<Download> {
  const download = page.waitForEvent('download')
  await dialogOf(page, lane).getByRole('button', { name: button }).click()
  return download
}

const files = async (download: Download) => unzipSync(await readFile(await download.path()))

/** A Python that has PyTorch, which takes its time to start; undefined where there is none. */
const python = [process.env['PYTHON'] ?? 'python3'].find((command) => {
  return spawnSync(command, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0
})

/** Losses of the unpacked program, run in the real PyTorch. */
function runTorch(command: string, unpacked: Readonly<Record<string, Uint8Array>>, folder: string): number[] {
  const root = mkdtempSync(join(tmpdir(), 'tandem-python-'))
  try {
    for (const [name, bytes] of Object.entries(unpacked)) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), bytes)
    }
    const printed = execFileSync(command, ['tests/golden/runScripts.py', 'torch', join(root, folder)], {
      encoding: 'utf8',
    })
    const { figures } = JSON.parse(printed) as { figures: { losses: number[] }[] }
    return figures[0]?.losses ?? []
  } finally {
    rmSync(root, { recursive: true })
  }
}

test('a lane’s Python stands beside its program, with everything to run it in one zip', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  await openPython(page, 'A')
  const dialog = dialogOf(page, 'A')
  await expect(dialog.getByRole('region', { name: 'Text: Lane A, JavaScript' })).toContainText('model.fit(')
  await expect(dialog.getByRole('region', { name: 'Text: Keras 3, Python' })).toContainText('import keras')
  await expect(dialog).toContainText('run in Keras 3.15')
  await dialog.getByRole('radio', { name: 'PyTorch' }).check()
  await expect(dialog.getByRole('region', { name: 'Text: PyTorch, Python' })).toContainText('nn.Sequential(')
  const untrained = await downloaded(page, 'A', 'All in one zip')
  expect(untrained.suggestedFilename()).toBe('circle-pytorch.zip')
  expect(Object.keys(await files(untrained)).sort()).toEqual(
    ['data.npz', 'program.ipynb', 'program.py', 'requirements.txt'].map((name) => `circle-pytorch/${name}`),
  )
  const notebook = await downloaded(page, 'A', 'Notebook')
  expect(JSON.parse(await readFile(await notebook.path(), 'utf8'))).toMatchObject({ nbformat: 4 })
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

/** The Python of lane B, PyTorch-style, after a run; it starts as the lane did. */
async function openAfterRun(playground: PlaygroundPage): Promise<Locator> {
  const { page } = playground
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  await playground.runToEnd()
  await openPython(page, 'B')
  const dialog = dialogOf(page, 'B')
  await expect(dialog.getByLabel('Starts from').locator('option:checked')).toHaveText(
    'lane B’s first weights, its batches',
  )
  return dialog
}

test('after a run, a lane’s Python starts from its first weights and batches, or its last weights', async ({
  page,
}) => {
  const dialog = await openAfterRun(new PlaygroundPage(page))
  const first = await files(await downloaded(page, 'B', 'All in one zip'))
  const program = strFromU8(first['circle-pytorch/program.py'] ?? new Uint8Array())
  expect(program).toContain('weights.safetensors')
  expect(program).toContain('RecordedOrder(data["order"])')
  await dialog.getByLabel('Starts from').selectOption({ label: 'lane B’s weights after step 16' })
  const weights = await downloaded(page, 'B', 'Weights')
  expect(weights.suggestedFilename()).toBe('circle-pytorch-weights.safetensors')
  const valuesOf = (bytes: Uint8Array) =>
    readSafetensors(bytes).map((tensor) => [tensor.name, [...float32Values(tensor)]])
  const trained = valuesOf(await readFile(await weights.path()))
  const initial = valuesOf(first['circle-pytorch/weights.safetensors'] ?? new Uint8Array())
  expect(trained.map(([name]) => name)).toEqual(initial.map(([name]) => name))
  expect(trained).not.toEqual(initial)
})

test('from a lane’s first weights and batches, PyTorch gives the losses that the lane showed', async ({
  page,
}) => {
  test.skip(
    python === undefined,
    'needs a Python with the packages of tests/golden/requirements.txt: set PYTHON to it',
  )
  if (python === undefined) return
  // How long PyTorch takes to start is not ours to judge.
  test.slow()
  const playground = new PlaygroundPage(page)
  await openAfterRun(playground)
  const first = await files(await downloaded(page, 'B', 'All in one zip'))
  await page.keyboard.press('Escape')
  const shown = losses(await playground.events('B'))
  expect(shown).toHaveLength(16)
  const theirs = runTorch(python, first, 'circle-pytorch')
  expect(theirs).toHaveLength(16)
  for (const [step, loss] of theirs.entries()) expect(loss).toBeCloseTo(shown[step] ?? NaN, 5)
})

test('an edited program is not translated, and says so', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  const base = shortCircle(1, { backend: 'cpu' })
  await playground.open({ ...base, lanes: [{ ...base.lanes[0], program: 'console.log(1)' }, base.lanes[1]] })
  await openPython(page, 'A')
  await expect(dialogOf(page, 'A')).toContainText('The edited program cannot be translated.')
  await expect(
    dialogOf(page, 'A').getByRole('region', { name: 'Text: Lane A, JavaScript, as generated' }),
  ).toContainText('model.fit(')
  await expect(dialogOf(page, 'A').getByRole('region', { name: 'Text: Keras 3, Python' })).toContainText(
    'model.fit(',
  )
  await expect(dialogOf(page, 'A').getByRole('button', { name: 'Weights' })).toBeDisabled()
})
