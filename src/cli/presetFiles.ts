/** The files of a shipped model, made from its spec alone: trains it as a lane would, then exports it. Runs in Node. */
import { at } from '../lib/core/util/at'
import { generateProgram } from '../lib/core/codegen/generateProgram'
import { probedSequences } from '../lib/core/data/generateSequences'
import { loadDataset } from '../lib/core/data/loadDataset'
import type { NdArray } from '../lib/core/data/types'
import { initialiseBackend } from '../lib/core/eager/backends'
import { tf } from '../lib/core/eager/tfjs'
import { setCurrentRun, type CurrentRun, type Figures } from '../lib/core/events/currentRun'
import {
  exportInference,
  exportStep,
  RecordingSession,
  tensorToJson,
  type InferenceFile,
  type Reference,
  type TensorJson,
  type StepFile,
} from '../lib/core/export'
import { setCurrentSession } from '../lib/core/session/session'
import type { HostTensor, HostValues } from '../lib/core/session/types'
import { interpret } from '../lib/core/interpret/interpreter'
import { dataModuleHost, evaluate } from '../lib/core/program/evaluate'
import { programModules } from '../lib/core/program/modules'
import { openRunScope } from '../lib/core/program/runScope'
import { asTrainedModel, type TrainedModel } from '../lib/core/program/trained'
import { longestShapeOf } from '../lib/core/spec/datasets'
import type { Spec } from '../lib/core/spec/schema'

/** Examples in a reference; batches of any size are made by repeating them. */
const referenceExamples = 8
/** Of a long output only so many values are kept. */
const mostReferenceValues = 1000

const style = 'keras'

/** What a preset's folder holds beside its spec and lesson, and figures for the gallery. */
export interface PresetFiles {
  readonly model: Uint8Array
  readonly trainStep: Uint8Array
  readonly reference: Reference
  readonly figures: PresetFigures
}

/** What the gallery says of a preset's files. */
export interface PresetFigures {
  /** Nodes of model.onnx, and of train-step.onnx. */
  readonly nodes: { readonly model: number; readonly trainStep: number }
  readonly parameters: number
  readonly bytes: { readonly model: number; readonly trainStep: number; readonly reference: number }
  /** Updates that the model was trained with. */
  readonly steps: number
  /** Means of the last epoch over the test examples. */
  readonly test: Readonly<Record<string, number>>
}

/** Counts updates and keeps the figures of the last epoch. */
class Training implements CurrentRun {
  readonly execution = 'static'
  readonly lineText = ''
  steps = 0
  lastEpoch: Readonly<Record<string, number>> = {}

  constructor(private readonly session: () => RecordingSession) {}

  async batchBoundary(): Promise<boolean> {
    await this.session().settle()
    return false
  }

  batchRows(rows: number): number {
    return rows
  }

  log({ epoch, ...values }: Figures): void {
    if (epoch === undefined) {
      this.steps++
      return
    }
    const numbers = Object.entries(values).filter(
      (one): one is [string, number] => typeof one[1] === 'number',
    )
    this.lastEpoch = Object.fromEntries(numbers)
  }

  print(): void {}
}

/** Trains `spec` to its last epoch in static execution on wasm; equal files for equal specs on one machine. */
export async function makePresetFiles(preset: string, spec: Spec): Promise<PresetFiles> {
  await initialiseBackend('cpu')
  const scope = openRunScope()
  const training = new Training(() => session)
  const session = new RecordingSession({ backend: 'wasm' })
  setCurrentSession(session)
  setCurrentRun(training)
  try {
    const model = await train(spec)
    // The eager model of the reference reads variables at once.
    await session.bringBack()
    return await exportFiles(preset, spec, model, session, training)
  } finally {
    setCurrentRun(null)
    setCurrentSession(null)
    session.dispose()
    scope.close()
  }
}

async function train(spec: Spec): Promise<TrainedModel> {
  let exports: Readonly<Record<string, () => unknown>> = {}
  await evaluate({
    text: generateProgram(spec, style, { lane: 'A', execution: 'static' }),
    modules: programModules(() => Promise.reject(new Error('internal: a first lane has no leader'))),
    hooks: { onLine: () => undefined, onExports: (getters) => (exports = getters) },
    host: dataModuleHost,
  })
  const model = asTrainedModel(exports['model']?.())
  if (model) return model
  throw new Error('internal: the generated program exports no model')
}

async function exportFiles(
  preset: string,
  spec: Spec,
  model: TrainedModel,
  session: RecordingSession,
  training: Training,
): Promise<PresetFiles> {
  const examples = await testExamples(spec)
  const notes = { preset, spec: JSON.stringify(spec), source: 'npm run models' }
  const weights = model.variables()
  const example = {
    shape: examples.shape.slice(1),
    dtype: examples.dtype === 'int32' ? 'int32' : 'float32',
  } as const
  const file = await exportInference({ name: 'model', example, forward: model.forward, weights, notes })
  const call = session.calls[0]
  if (!call) throw new Error('internal: the program compiled no step')
  const step = await exportStep(call, { weights, notes })
  const reference: Reference = {
    preset,
    seed: spec.seed,
    style,
    steps: training.steps,
    figures: training.lastEpoch,
    model: modelReference(model, examples),
    trainStep: stepReference(step),
  }
  return {
    model: file.bytes,
    trainStep: step.bytes,
    reference,
    figures: figuresOf(file, step, reference, model),
  }
}

async function testExamples(spec: Spec): Promise<HostTensor> {
  const sequences = probedSequences(spec, longestShapeOf(spec.data)[0])
  if (sequences) return firstExamples(sequences.x)
  const { test } = await loadDataset(spec, 'keras')
  return firstExamples(test.x)
}

function firstExamples({ dtype, shape, values }: NdArray): HostTensor {
  const size = values.length / at(shape, 0)
  const picked = values.slice(0, referenceExamples * size)
  return { dtype, shape: [referenceExamples, ...shape.slice(1)], values: picked }
}

/** What the eager model predicts: the file has to give the same without knowing of it. */
function modelReference(model: TrainedModel, examples: HostTensor): Reference['model'] {
  const predicted = tf.tidy(() => model.forward(toTensor(examples)))
  const output = tensorToJson(fromTensor(predicted))
  predicted.dispose()
  return { inputs: { input: tensorToJson(examples) }, outputs: { output } }
}

/** One step on tfjs kernels, node by node. */
function stepReference({ graph, feeds, loss, states }: StepFile): Reference['trainStep'] {
  const given = new Map([...feeds].map(([name, tensor]) => [name, toTensor(tensor)]))
  const results = interpret(graph, given)
  const lossTensor = results.get(graph.results[0] ?? '')
  const outputs: Record<string, TensorJson> = {}
  if (lossTensor) outputs[loss] = tensorToJson(fromTensor(lossTensor))
  for (const { input, output } of graph.states) {
    const [name, tensor] = [states.get(input), results.get(output ?? '')]
    if (name && tensor) outputs[name] = tensorToJson(fromTensor(tensor), mostReferenceValues)
  }
  for (const tensor of new Set([...given.values(), ...results.values()])) tensor.dispose()
  const inputs = Object.fromEntries([...feeds].map(([name, tensor]) => [name, tensorToJson(tensor)]))
  return { inputs, outputs }
}

function toTensor({ values, shape, dtype }: HostTensor): tf.Tensor {
  return tf.tensor(values, [...shape], dtype === 'int64' ? 'int32' : dtype)
}

function fromTensor(tensor: tf.Tensor): HostTensor {
  const values = tensor.dataSync<'float32'>().slice() as HostValues
  return { dtype: 'float32', shape: tensor.shape, values }
}

function figuresOf(
  file: InferenceFile,
  step: StepFile,
  reference: Reference,
  model: TrainedModel,
): PresetFigures {
  return {
    nodes: { model: file.graph.nodes.length, trainStep: step.graph.nodes.length },
    parameters: model.variables().reduce((sum, { variable }) => sum + variable.size, 0),
    bytes: {
      model: file.bytes.length,
      trainStep: step.bytes.length,
      reference: JSON.stringify(reference).length,
    },
    steps: reference.steps,
    test: reference.figures,
  }
}
