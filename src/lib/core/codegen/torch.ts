/** A spec as a PyTorch-style program: model, criterion, and both loops written out. */
import type { Options } from '../catalogue/calls'
import type { Dialect } from '../catalogue/dialect'
import { lossRecords } from '../catalogue/losses'
import type { Spec } from '../spec/schema'
import { isCrossentropy, labelEncoding } from '../spec/targets'
import { stepsOption, type ProgramForm } from './programForm'
import { dataStatement, hasTestSplit } from './data'
import { optimizerClass, optimizerOptions } from './optimizers'
import { printCall } from './printCall'
import { torchSchedule } from './rateSchedules'
import { torchLayers, torchModules } from './torchLayers'
import { netClass, recurrentModules } from './torchNet'

/** Validation needs no gradients, so its batches may be larger than those of training. */
export const testBatchSize = 256

/** The program text. */
export function torchProgram(spec: Spec, dialect: Dialect, form: ProgramForm): string {
  const { loadsInitialWeights, compiled } = form
  const isTested = hasTestSplit(spec)
  const recurrent = recurrentModules(torchModules(spec, dialect))
  const { batchSize, epochs, shuffle } = spec.training
  return [
    ...importStatements(spec, form),
    '',
    `manualSeed(${spec.seed})`,
    '',
    dataStatement(spec, 'torch'),
    loaderStatement('train', batchSize, shuffle ? [['shuffle', 'true']] : []),
    ...(isTested ? [loaderStatement('test', testBatchSize, [])] : []),
    '',
    ...netClass(recurrent),
    `export const model = new ${recurrent.length > 0 ? 'Net' : 'nn.Sequential'}(`,
    ...torchLayers(spec, dialect),
    ')',
    ...(loadsInitialWeights ? [`model.loadStateDict(await initialWeights('A'))`] : []),
    `const criterion = new nn.${lossRecords[spec.loss].torch}()`,
    optimizerStatement(spec, dialect),
    ...schedulerStatements(spec),
    '',
    ...(compiled ? [...compiledSteps(spec, compiled), ''] : []),
    `for (let epoch = 1; epoch <= ${epochs}; epoch++) {`,
    '  model.train()',
    '  for await (const [x, y] of trainLoader) {',
    ...(compiled ? ['const loss = trainStep(x, y)'] : trainingStep(spec)).map((line) => `    ${line}`),
    '    log({ loss: loss.item() })',
    '  }',
    '',
    ...(isTested ? validationLines(spec, compiled !== null) : ['  log({ epoch })']),
    '}',
    '',
  ].join('\n')
}

function importStatements(spec: Spec, { loadsInitialWeights, compiled }: ProgramForm): readonly string[] {
  const torchNames = [
    ...['nn', 'optim', ...(compiled ? ['compile'] : []), ...(hasTestSplit(spec) ? ['noGrad'] : [])],
    ...['manualSeed', 'DataLoader'],
  ]
  const runNames = loadsInitialWeights ? 'initialWeights, log' : 'log'
  return [
    `import { ${torchNames.join(', ')} } from 'tandem/torch'`,
    `import { ${spec.data.kind} } from 'tandem/data'`,
    `import { ${runNames} } from 'tandem/run'`,
  ]
}

/** The step of PyTorch's training loop. */
function trainingStep({ optimizer }: Spec): readonly string[] {
  return [
    'optimizer.zeroGrad()',
    'const loss = criterion.forward(model.forward(x), y)',
    'loss.backward()',
    'optimizer.step()',
    ...(optimizer.schedule ? ['scheduler.step()'] : []),
  ]
}

/** The same step, and that of the validation, as functions that are traced once and replayed. */
function compiledSteps(spec: Spec, compiled: { readonly stepsPerExecution: number }): readonly string[] {
  const options = stepsOption(compiled).map(([name, value]) => `${name}: ${value}`)
  return [
    'const trainStep = compile((x, y) => {',
    ...trainingStep(spec).map((line) => `  ${line}`),
    '  return loss',
    options.length > 0 ? `}, { ${options.join(', ')} })` : '})',
    ...(hasTestSplit(spec) ? compiledTest(spec) : []),
  ]
}

function compiledTest(spec: Spec): readonly string[] {
  const outputs = outputName(spec)
  const { variable, sum } = figureOf(spec)
  return [
    'const testStep = compile((x, y) => {',
    `  const ${outputs} = model.forward(x)`,
    `  const ${variable} = ${sum(outputs)}`,
    `  return [criterion.forward(${outputs}, y), ${variable}]`,
    '})',
  ]
}

/** The statement that makes the loader of a part of the data. */
export function loaderStatement(part: 'train' | 'test', batchSize: number, options: Options): string {
  return printCall({
    callee: `const ${part}Loader = new DataLoader`,
    positional: [part],
    options: [['batchSize', String(batchSize)], ...options],
  })
}

/** What is counted over the validation examples beside the loss. */
interface Figure {
  readonly variable: string
  /** Key in the log. */
  readonly name: string
  /** Sum over one batch of `outputs` and labels `y`. */
  readonly sum: (outputs: string) => string
}

const meanAbsoluteError: Figure = {
  variable: 'absoluteError',
  name: 'valMae',
  sum: (outputs) => `${outputs}.sub(y).abs().sum()`,
}

/** Right predictions, against the threshold of one output or by the largest of several; the error where labels are numbers. */
function figureOf(spec: Spec): Figure {
  const correct = { variable: 'correct', name: 'valAccuracy' }
  const threshold = isCrossentropy(spec.loss) ? 0 : 0.5
  switch (labelEncoding(spec)) {
    case null:
      return meanAbsoluteError
    case 'binary':
      return { ...correct, sum: (outputs) => `${outputs}.gt(${threshold}).eq(y).sum()` }
    case 'index':
      return { ...correct, sum: (outputs) => `${outputs}.argmax(1).eq(y).sum()` }
    case 'oneHot':
      return { ...correct, sum: (outputs) => `${outputs}.argmax(1).eq(y.argmax(1)).sum()` }
  }
}

function outputName({ loss }: Spec): string {
  return isCrossentropy(loss) ? 'logits' : 'outputs'
}

function validationLines(spec: Spec, isCompiled: boolean): readonly string[] {
  const outputs = outputName(spec)
  const { variable, name, sum } = figureOf(spec)
  const batch = isCompiled
    ? [
        `const [loss, found] = testStep(x, y)`,
        'valLoss += (await loss.item()) * y.shape[0]',
        `${variable} += await found.item()`,
      ]
    : [
        `const ${outputs} = model.forward(x)`,
        `valLoss += (await criterion.forward(${outputs}, y).item()) * y.shape[0]`,
        `${variable} += await ${sum(outputs)}.item()`,
      ]
  return [
    '  model.eval()',
    '  let valLoss = 0',
    `  let ${variable} = 0`,
    '  await noGrad(async () => {',
    '    for await (const [x, y] of testLoader) {',
    ...batch.map((line) => `      ${line}`),
    '    }',
    '  })',
    printCall({
      callee: 'log',
      options: [
        ['epoch', 'epoch'],
        ['valLoss', 'valLoss / test.x.shape[0]'],
        [name, `${variable} / test.x.shape[0]`],
      ],
      indent: '  ',
    }),
  ]
}

/** The statement that makes the optimizer. */
export function optimizerStatement(spec: Spec, dialect: Dialect): string {
  return printCall({
    callee: `export const optimizer = new optim.${optimizerClass(spec.optimizer)}`,
    positional: ['model.parameters()'],
    options: optimizerOptions(spec, dialect, ['lr']),
  })
}

/** The statement that makes the scheduler; none without a schedule. */
export function schedulerStatements(spec: Spec): readonly string[] {
  const schedule = torchSchedule(spec, 'javaScript')
  if (!schedule) return []
  const { name, ...call } = schedule
  return [printCall({ callee: `const scheduler = new optim.lrScheduler.${name}`, ...call })]
}
