/** A spec trained by both styles' own programs, and the files with which its translations to Python train alike. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateProgram, pythonScript } from '../../src/lib/core/codegen'
import { batchOrder } from '../../src/lib/core/data/batches'
import { loadDataset } from '../../src/lib/core/data/loadDataset'
import { writeExamples } from '../../src/lib/core/export/npz'
import { writeWeights } from '../../src/lib/core/export/weightsFile'
import type { ModelWeights } from '../../src/lib/core/nn/weights'
import { startTestRun, type TestRun } from '../support/testRun'
import type { Spec, Style } from '../../src/lib/core/spec/schema'
import { pythonCases, useCaseData } from './pythonCases'

const weightsFile = 'weights.safetensors'

/** Losses of all batches, or of all epochs; and by epoch the loss and the metric of the validation. */
export interface Figures {
  readonly losses: readonly number[]
  readonly valLosses: readonly number[]
  readonly valMetrics: readonly number[]
}

/** The script of the case: it starts from our weights and takes our batches. */
export function scriptOf(spec: Spec, style: Style): string {
  return pythonScript(spec, style, { weightsFile, hasOrder: spec.training.shuffle })
}

/** Tells whether a script is the one that was run. */
export function fingerprint(script: string): string {
  return createHash('sha256').update(script).digest('hex').slice(0, 16)
}

interface Recorded extends Figures {
  /** The fingerprint of what was run. */
  readonly script: string
}

/** What the scripts of a style gave when they were run for real, by the names of the cases. */
export function readLosses(style: Style) {
  return JSON.parse(readFileSync(`tests/golden/${style}Losses.json`, 'utf8')) as {
    readonly version: string
    readonly cases: Readonly<Record<string, Recorded>>
  }
}

/** The largest relative error of any figure; Infinity where they do not even correspond. */
export function differenceOf(ours: Figures, recorded?: Figures): number {
  return Math.max(
    difference(ours.losses, recorded?.losses),
    difference(ours.valLosses, recorded?.valLosses),
    difference(ours.valMetrics, recorded?.valMetrics),
  )
}

function difference(actual: readonly number[], expected: readonly number[] = []): number {
  if (actual.length !== expected.length) return Infinity
  const errors = expected.map((value, index) => {
    const error = Math.abs((actual[index] ?? NaN) - value)
    return error === 0 ? 0 : error / Math.abs(value)
  })
  return Math.max(0, ...errors)
}

export interface BothRuns {
  readonly keras: Figures
  readonly torch: Figures
  /** What the PyTorch-style run started from. */
  readonly torchWeights: ModelWeights
}

/** The programs of both styles; an aligned spec is led by the Keras-style one, a native one by the other. */
export async function runBoth(spec: Spec): Promise<BothRuns> {
  const styles = spec.alignment === 'aligned' ? (['keras', 'torch'] as const) : (['torch', 'keras'] as const)
  const [leader, follower] = styles
  const first = await run(generateProgram(spec, leader, { lane: 'A' }))
  const program = generateProgram(spec, follower, { lane: 'B', alignedTo: leader })
  const second = await run(program, initialWeights(first))
  const [keras, torch] = leader === 'keras' ? [first, second] : [second, first]
  return { keras: figuresOf(keras), torch: figuresOf(torch), torchWeights: initialWeights(torch) }
}

export interface KerasRun {
  /** Losses of the epochs. */
  readonly figures: Figures
  readonly weights: ModelWeights
}

/** The Keras-style program alone, by Keras' own formulas. */
export async function runKeras(spec: Spec): Promise<KerasRun> {
  const alone = await run(generateProgram(spec, 'keras', { lane: 'A' }))
  const losses = alone.series('epoch/loss').map(({ value }) => value)
  return { figures: { ...figuresOf(alone), losses }, weights: initialWeights(alone) }
}

async function run(program: string, weights?: ModelWeights): Promise<TestRun> {
  const started = await startTestRun(program, {
    compareWeights: true,
    ...(weights && { initialWeights: weights }),
  })
  await started.done
  if (started.error) throw new Error(started.error.message)
  return started
}

function initialWeights({ weights: [first] }: TestRun): ModelWeights {
  if (!first) throw new Error('The run posted no weights.')
  return first.weights
}

function figuresOf(run: TestRun): Figures {
  const values = (tag: string) => run.series(tag).map(({ value }) => value)
  return {
    losses: values('loss'),
    valLosses: values('epoch/valLoss'),
    valMetrics: [...values('epoch/valAccuracy'), ...values('epoch/valMae')],
  }
}

/** A folder for each case with its script and the files beside it; gives the folders in the order of the cases. */
export async function writeCases(root: string, style: Style): Promise<readonly string[]> {
  useCaseData()
  const folders: string[] = []
  for (const [index, { spec }] of pythonCases.entries()) {
    const target = join(root, style, String(index))
    mkdirSync(target, { recursive: true })
    const dataset = await loadDataset(spec, style)
    const { epochs, shuffle } = spec.training
    const order = (epoch: number) => batchOrder(dataset.train.x.shape[0] ?? 0, spec.seed, epoch)
    const orders = shuffle ? Array.from({ length: epochs }, (_, index) => order(index + 1)) : []
    const weights = style === 'keras' ? (await runKeras(spec)).weights : (await runBoth(spec)).torchWeights
    writeFileSync(join(target, 'data.npz'), writeExamples(dataset, orders))
    writeFileSync(join(target, weightsFile), writeWeights(weights))
    writeFileSync(join(target, 'program.py'), scriptOf(spec, style))
    folders.push(target)
  }
  return folders
}
