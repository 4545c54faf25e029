/** A spec as a PyTorch-style program: model, criterion, and both loops written out. */
import type { Spec } from '../spec/schema'
import { labelEncoding } from '../spec/targets'
import { explicitEpsilon, formulationOption, type Dialect } from './constants'
import { dataStatement } from './data'
import { printCall, type Options } from './printCall'
import { torchLayers } from './torchLayers'

/** Validation needs no gradients, so its batches may be larger than those of training. */
const testBatchSize = 256

/** The program text; `loadsInitialWeights` makes lane B start from lane A's weights. */
export function torchProgram(spec: Spec, dialect: Dialect, loadsInitialWeights: boolean): string {
  const runNames = loadsInitialWeights ? 'initialWeights, log' : 'log'
  const { batchSize, epochs, shuffle } = spec.training
  return [
    `import { nn, optim, noGrad, manualSeed, DataLoader } from 'tandem/torch'`,
    `import { ${spec.data.kind} } from 'tandem/data'`,
    `import { ${runNames} } from 'tandem/run'`,
    '',
    `manualSeed(${spec.seed})`,
    '',
    dataStatement(spec, 'torch'),
    loaderStatement('train', batchSize, shuffle ? [['shuffle', 'true']] : []),
    loaderStatement('test', testBatchSize, []),
    '',
    'export const model = new nn.Sequential(',
    ...torchLayers(spec, dialect),
    ')',
    ...(loadsInitialWeights ? [`model.loadStateDict(await initialWeights('A'))`] : []),
    `const criterion = new nn.${criterionName(spec)}()`,
    optimizerStatement(spec, dialect),
    '',
    `for (let epoch = 1; epoch <= ${epochs}; epoch++) {`,
    '  model.train()',
    '  for await (const [x, y] of trainLoader) {',
    '    optimizer.zeroGrad()',
    '    const loss = criterion.forward(model.forward(x), y)',
    '    loss.backward()',
    '    optimizer.step()',
    '    log({ loss: await loss.item() })',
    '  }',
    '',
    ...validationLines(spec),
    '}',
    '',
  ].join('\n')
}

function loaderStatement(part: 'train' | 'test', batchSize: number, options: Options): string {
  return printCall({
    callee: `const ${part}Loader = new DataLoader`,
    positional: [part],
    options: [['batchSize', String(batchSize)], ...options],
  })
}

function criterionName({ loss }: Spec): string {
  if (loss === 'meanSquaredError') return 'MSELoss'
  return loss === 'binaryCrossentropy' ? 'BCEWithLogitsLoss' : 'CrossEntropyLoss'
}

/** Counts right predictions: against the threshold of one output, or by the largest of several. */
function correctExpression(spec: Spec, output: string): string | null {
  switch (labelEncoding(spec)) {
    case null:
      return null
    case 'binary':
      return `await ${output}.gt(${spec.loss === 'meanSquaredError' ? 0.5 : 0}).eq(y).sum().item()`
    case 'index':
      return `await ${output}.argmax(1).eq(y).sum().item()`
    case 'oneHot':
      return `await ${output}.argmax(1).eq(y.argmax(1)).sum().item()`
  }
}

function validationLines(spec: Spec): readonly string[] {
  const output = spec.loss === 'meanSquaredError' ? 'outputs' : 'logits'
  const correct = correctExpression(spec, output)
  const isCounted = correct !== null
  const accuracy: Options = isCounted ? [['valAccuracy', 'correct / test.x.shape[0]']] : []
  return [
    '  model.eval()',
    '  let valLoss = 0',
    ...(isCounted ? ['  let correct = 0'] : []),
    '  await noGrad(async () => {',
    '    for await (const [x, y] of testLoader) {',
    `      const ${output} = model.forward(x)`,
    `      valLoss += (await criterion.forward(${output}, y).item()) * y.shape[0]`,
    ...(isCounted ? [`      correct += ${correct}`] : []),
    '    }',
    '  })',
    printCall({
      callee: 'log',
      options: [['epoch', 'epoch'], ['valLoss', 'valLoss / test.x.shape[0]'], ...accuracy],
      indent: '  ',
    }),
  ]
}

function optimizerStatement(spec: Spec, dialect: Dialect): string {
  const { optimizer } = spec
  const options: [string, string][] = [['lr', String(optimizer.learningRate)]]
  if (optimizer.type === 'sgd') {
    if (optimizer.momentum !== 0) options.push(['momentum', String(optimizer.momentum)])
    if (optimizer.nesterov) options.push(['nesterov', 'true'])
  } else {
    const { beta1, beta2 } = optimizer
    const epsilon = explicitEpsilon(optimizer.epsilon, dialect)
    if (beta1 !== 0.9 || beta2 !== 0.999) options.push(['betas', `[${beta1}, ${beta2}]`])
    if (epsilon !== undefined) options.push(['eps', String(epsilon)])
  }
  if (optimizer.weightDecay !== 0) options.push(['weightDecay', String(optimizer.weightDecay)])
  return printCall({
    callee: `export const optimizer = new optim.${optimizer.type === 'sgd' ? 'SGD' : 'Adam'}`,
    positional: ['model.parameters()'],
    options: [...options, ...formulationOption(spec, dialect)],
  })
}
