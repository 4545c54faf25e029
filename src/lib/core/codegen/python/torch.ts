/** A spec as a program for PyTorch. */
import type { Dialect } from '../../catalogue/dialect'
import { lossRecords, type Labels } from '../../catalogue/losses'
import type { Spec } from '../../spec/schema'
import { isCrossentropy, labelEncoding, lookedUpTokens } from '../../spec/targets'
import { hasTestSplit } from '../data'
import { optimizerClass, optimizerOptions } from '../optimizers'
import { testBatchSize } from '../torch'
import { torchSchedule } from '../rateSchedules'
import { torchModules, type TorchModule } from '../torchLayers'
import { recurrentModules } from '../torchNet'
import { kerasOptimizer } from './kerasFormulations'
import { kerasInitialisation, ownFormulation } from './layerParts'
import { keywords, printPython, pythonText, pythonValue, withFloats } from './printPython'
import {
  executionComments,
  isRagged,
  loadArrays,
  safetensorsReader,
  type Files,
  type Section,
} from './sections'
import { torchSamplers, torchSequenceClasses, torchSequenceLoaders } from './sequences'
import { pythonNet } from './torchRecurrent'

/** Aligned programs follow Keras, as aligned lanes of the lab do. */
function dialectOf({ alignment }: Spec): Dialect {
  return { style: 'torch', reference: alignment === 'aligned' ? 'keras' : 'torch' }
}

/** Everything behind the imports. */
export function torchSections(spec: Spec, files: Files): readonly Section[] {
  return [
    {
      title: 'Data',
      text: 'The examples come from a file; images are [channels, height, width].',
      code: dataCode(spec, files),
    },
    {
      title: 'Model',
      text: isCrossentropy(spec.loss)
        ? 'The modules, in order. The outputs are logits: the loss applies the last activation itself.'
        : 'The modules, in order.',
      code: modelCode(spec, files),
    },
    ...(files.weightsFile === null ? [] : [weightsSection(files.weightsFile)]),
    { title: 'Training', text: 'Loss and optimizer, then the loop.', code: trainingCode(spec, files) },
    { title: 'Evaluation', text: 'Loss and metric of the trained model.', code: evaluationCode(spec) },
  ]
}

/** Import lines, in isort's order. */
export function torchImports(spec: Spec, files: Files): readonly string[] {
  const { weightsFile, hasOrder } = files
  const samplers = isRagged(spec)
    ? torchSamplers(spec, files)
    : [...(hasOrder ? ['Sampler'] : []), 'TensorDataset']
  return [
    ...(weightsFile === null ? [] : ['import json']),
    'from pathlib import Path',
    '',
    'import numpy as np',
    'import torch',
    'from torch import nn, optim',
    `from torch.utils.data import ${['DataLoader', ...samplers].join(', ')}`,
  ]
}

function dataCode(spec: Spec, files: Files): readonly string[] {
  const { batchSize, shuffle } = spec.training
  const { hasOrder } = files
  const labels = (name: string) =>
    `torch.from_numpy(${name})${labelEncoding(spec) === 'index' ? '.long()' : ''}`
  const tokens = lookedUpTokens(spec.model) === undefined ? '' : '.long()'
  const loader = (part: 'train' | 'test', size: number, options: readonly string[]) => [
    `${part}_set = TensorDataset(torch.from_numpy(x_${part})${tokens}, ${labels(`y_${part}`)})`,
    printPython({
      callee: `${part}_loader = DataLoader`,
      positional: [`${part}_set`, `batch_size=${size}`, ...options],
    }),
  ]
  if (isRagged(spec)) {
    return [
      ...(hasOrder ? [...recordedOrder, '', ''] : []),
      ...torchSequenceClasses(spec),
      '',
      '',
      `torch.manual_seed(${spec.seed})`,
      ...loadArrays(spec, files),
      ...torchSequenceLoaders(spec, files),
    ]
  }
  const order = hasOrder ? ['sampler=RecordedOrder(data["order"])'] : shuffle ? ['shuffle=True'] : []
  return [
    ...(hasOrder ? [...recordedOrder, '', ''] : []),
    `torch.manual_seed(${spec.seed})`,
    ...loadArrays(spec, files),
    ...loader('train', batchSize, order),
    ...(hasTestSplit(spec) ? loader('test', testBatchSize, []) : []),
  ]
}

/** A sampler of the orders in the data file. */
const recordedOrder = [
  'class RecordedOrder(Sampler):',
  '    """The rows of each epoch in their recorded order."""',
  '',
  '    def __init__(self, epochs):',
  '        self.epochs = iter(epochs)',
  '        self.count = epochs.shape[1]',
  '',
  '    def __iter__(self):',
  '        return iter(next(self.epochs).tolist())',
  '',
  '    def __len__(self):',
  '        return self.count',
] as const

function modelCode(spec: Spec, { weightsFile }: Files): readonly string[] {
  const dialect = dialectOf(spec)
  const modules = torchModules(spec, dialect)
  const formulations = new Map(
    modules.flatMap((module) => {
      const formulation = ownFormulation(module)
      return formulation ? [[formulation.name, formulation] as const] : []
    }),
  )
  const recurrent = recurrentModules(modules)
  const startsLikeKeras = dialect.reference === 'keras' && weightsFile === null
  return [
    ...[...formulations.values()].flatMap(({ code }) => [...code, '', '']),
    ...pythonNet(recurrent),
    `model = ${recurrent.length > 0 ? 'Net' : 'nn.Sequential'}(`,
    ...modules.map(moduleLine),
    ')',
    ...(startsLikeKeras ? kerasInitialisation(modules) : []),
    'print(model)',
  ]
}

function moduleLine(module: TorchModule): string {
  return printPython({
    callee: ownFormulation(module)?.name ?? `nn.${module.name}`,
    positional: module.positional.map(pythonValue),
    options: withoutFormulation(module.options),
    end: ',',
    indent: '    ',
  })
}

function withoutFormulation<T extends readonly [name: string, source: string]>(
  options: readonly T[],
): readonly T[] {
  return options.filter(([name]) => name !== 'formulation')
}

function weightsSection(weightsFile: string): Section {
  const code = [
    ...safetensorsReader,
    '',
    '',
    `weights = load_safetensors(folder / ${pythonText(weightsFile)})`,
    'model.load_state_dict({name: torch.tensor(values) for name, values in weights.items()})',
  ]
  return { title: 'Weights', text: 'Tensors are named as in the state dict: `0.weight`.', code }
}

/** What is counted over examples beside the loss. */
interface Figure {
  readonly name: 'mae' | 'accuracy'
  /** Sum over a batch of `outputs` and labels `y`. */
  readonly sum: string
}

function figureOf(spec: Spec): Figure {
  const labels = labelEncoding(spec)
  if (labels === null) return { name: 'mae', sum: '(outputs - y).abs()' }
  const threshold = isCrossentropy(spec.loss) ? 0 : 0.5
  const correct: { readonly [L in Labels]: string } = {
    binary: `((outputs > ${threshold}) == y)`,
    index: '(outputs.argmax(1) == y)',
    oneHot: '(outputs.argmax(1) == y.argmax(1))',
  }
  return { name: 'accuracy', sum: correct[labels] }
}

function trainingCode(spec: Spec, { execution }: Files): readonly string[] {
  const isCompiled = execution?.execution === 'static'
  const dialect = dialectOf(spec)
  const rule = dialect.reference === 'keras' ? kerasOptimizer(spec.optimizer) : null
  const options = withoutFormulation(optimizerOptions(spec, dialect, ['lr']))
  const freezesBias = torchModules(spec, dialect).some((module) => ownFormulation(module)?.isPartlyFrozen)
  return [
    ...(rule ? [...rule.code, '', ''] : []),
    ...evaluation(figureOf(spec)),
    '',
    '',
    `criterion = nn.${lossRecords[spec.loss].torch}()`,
    printPython({
      callee: `optimizer = ${rule?.name ?? `optim.${optimizerClass(spec.optimizer)}`}`,
      positional: [freezesBias ? '(p for p in model.parameters() if p.requires_grad)' : 'model.parameters()'],
      options: withFloats(options),
    }),
    ...schedulerLines(spec),
    '',
    ...(isCompiled ? compiledStep : execution ? [executionComments.eager] : []),
    ...trainingLoop(spec, isCompiled),
  ]
}

function evaluation({ name, sum }: Figure): readonly string[] {
  return [
    'def evaluate(loader):',
    `    """Mean loss and ${name} over the examples of a loader."""`,
    '    model.eval()',
    `    loss, ${name} = 0.0, 0.0`,
    '    with torch.no_grad():',
    '        for x, y in loader:',
    '            outputs = model(x)',
    '            loss += criterion(outputs, y).item() * len(x)',
    `            ${name} += ${sum}.sum().item()`,
    `    return loss / len(loader.dataset), ${name} / len(loader.dataset)`,
  ]
}

const step = [
  'optimizer.zero_grad()',
  'loss = criterion(model(x), y)',
  'loss.backward()',
  'optimizer.step()',
] as const

const compiledStep = [
  '',
  executionComments.static,
  '@torch.compile',
  'def train_step(x, y):',
  ...step.map((line) => `    ${line}`),
  '    return loss',
  '',
  '',
] as const

function trainingLoop(spec: Spec, isCompiled: boolean): readonly string[] {
  const { name } = figureOf(spec)
  return [
    'losses = []  # of every batch',
    `for epoch in range(1, ${spec.training.epochs + 1}):`,
    '    model.train()',
    '    for x, y in train_loader:',
    ...(isCompiled ? ['loss = train_step(x, y)'] : step).map((line) => `        ${line}`),
    ...(spec.optimizer.schedule ? ['        scheduler.step()'] : []),
    '        losses.append(loss.item())',
    '    mean_loss = sum(losses[-len(train_loader) :]) / len(train_loader)',
    '    progress = f"epoch {epoch}: loss {mean_loss:.6g}"',
    ...(hasTestSplit(spec)
      ? [
          `    val_loss, val_${name} = evaluate(test_loader)`,
          `    progress += f", val_loss {val_loss:.6g}, val_${name} {val_${name}:.6g}"`,
        ]
      : []),
    '    print(progress)',
  ]
}

function schedulerLines(spec: Spec): readonly string[] {
  const schedule = torchSchedule(spec, 'python')
  if (!schedule) return []
  const { name, positional, options } = schedule
  return [
    printPython({
      callee: `scheduler = optim.lr_scheduler.${name}`,
      positional: [...positional, ...keywords(options)],
    }),
  ]
}

function evaluationCode(spec: Spec): readonly string[] {
  const { name } = figureOf(spec)
  const loader = hasTestSplit(spec) ? 'test_loader' : `DataLoader(train_set, batch_size=${testBatchSize})`
  return [
    `final_loss, final_${name} = evaluate(${loader})`,
    `print({"loss": final_loss, "${name}": final_${name}})`,
  ]
}
