/** A spec as a Keras-style program: model, `compile`, `fit`. */
import { datasetInfo } from '../spec/datasets'
import type { Activation, LayerSpec, Spec } from '../spec/schema'
import { hasLogitOutputs, labelEncoding } from '../spec/targets'
import { explicitEpsilon, explicitSlope, formulationOption, type Dialect } from './constants'
import { dataStatement } from './data'
import { printCall, quote, type Options } from './printCall'

/** The program text; `loadsInitialWeights` makes lane B start from lane A's weights. */
export function kerasProgram(spec: Spec, dialect: Dialect, loadsInitialWeights: boolean): string {
  const names = ['Sequential', 'Input', 'layers', 'optimizers', 'setRandomSeed']
  if (hasLogitOutputs(spec)) names.splice(3, 0, 'losses')
  return [
    `import { ${names.join(', ')} } from 'tandem/keras'`,
    `import { ${spec.data.kind} } from 'tandem/data'`,
    ...(loadsInitialWeights ? [`import { initialWeights } from 'tandem/run'`] : []),
    '',
    `setRandomSeed(${spec.seed})`,
    '',
    dataStatement(spec, 'keras'),
    '',
    'export const model = new Sequential([',
    `  Input({ shape: [${datasetInfo(spec.data.kind).inputShape.join(', ')}] }),`,
    ...spec.model.layers.flatMap((layer) => layerLines(layer, dialect)),
    '])',
    ...(loadsInitialWeights ? [`model.setWeights(await initialWeights('A'))`] : []),
    '',
    optimizerStatement(spec, dialect),
    compileStatement(spec),
    '',
    fitStatement(spec),
    '',
  ].join('\n')
}

function compileStatement(spec: Spec): string {
  const loss = hasLogitOutputs(spec)
    ? `new losses.${spec.loss.charAt(0).toUpperCase()}${spec.loss.slice(1)}({ fromLogits: true })`
    : quote(spec.loss)
  const metrics: Options = labelEncoding(spec) === null ? [] : [['metrics', `['accuracy']`]]
  return printCall({
    callee: 'model.compile',
    options: [['optimizer', 'optimizer'], ['loss', loss], ...metrics],
  })
}

function fitStatement({ training }: Spec): string {
  return printCall({
    callee: 'await model.fit',
    positional: ['train.x', 'train.y'],
    options: [
      ['batchSize', String(training.batchSize)],
      ['epochs', String(training.epochs)],
      ...(training.shuffle ? [] : [['shuffle', 'false'] as const]),
      ['validationData', '[test.x, test.y]'],
    ],
  })
}

/** The lines of one layer; an activation with a foreign constant becomes a layer of its own. */
function layerLines(layer: LayerSpec, dialect: Dialect): readonly string[] {
  const line = (name: string, positional: readonly string[] = [], options: Options = []) =>
    printCall({ callee: `new layers.${name}`, positional, options, end: ',', indent: '  ' })
  const activated = (name: string, size: number, activation: Activation, before: Options, after: Options) => {
    const slope = activation === 'leakyRelu' ? explicitSlope(dialect) : undefined
    const isInside = activation !== 'linear' && slope === undefined
    const inside: Options = isInside ? [['activation', quote(activation)]] : []
    const lines = [line(name, [String(size)], [...before, ...inside, ...after])]
    return slope === undefined ? lines : [...lines, leakyLine(slope)]
  }
  const leakyLine = (slope: number) => line('LeakyReLU', [], [['negativeSlope', String(slope)]])
  switch (layer.type) {
    case 'dense':
      return activated(
        'Dense',
        layer.units,
        layer.activation,
        [],
        layer.useBias ? [] : [['useBias', 'false']],
      )
    case 'conv2d':
      return activated('Conv2D', layer.filters, layer.activation, convolutionOptions(layer), [])
    case 'maxPooling2d':
      return [line('MaxPooling2D', [], poolingOptions(layer))]
    case 'flatten':
      return [line('Flatten')]
    case 'dropout':
      return [line('Dropout', [String(layer.rate)])]
    case 'activation': {
      const slope = layer.activation === 'leakyRelu' ? explicitSlope(dialect) : undefined
      return [slope === undefined ? line('Activation', [quote(layer.activation)]) : leakyLine(slope)]
    }
  }
}

function convolutionOptions(layer: Extract<LayerSpec, { type: 'conv2d' }>): Options {
  return [
    ['kernelSize', String(layer.kernelSize)],
    ...(layer.strides === 1 ? [] : [['strides', String(layer.strides)] as const]),
    ...(layer.padding === 'valid' ? [] : [['padding', quote(layer.padding)] as const]),
  ]
}

function poolingOptions({ poolSize, strides }: Extract<LayerSpec, { type: 'maxPooling2d' }>): Options {
  const size: Options = [['poolSize', String(poolSize)]]
  return strides === undefined || strides === poolSize ? size : [...size, ['strides', String(strides)]]
}

function optimizerStatement(spec: Spec, dialect: Dialect): string {
  const { optimizer } = spec
  const options: [string, string][] = [['learningRate', String(optimizer.learningRate)]]
  if (optimizer.type === 'sgd') {
    if (optimizer.momentum !== 0) options.push(['momentum', String(optimizer.momentum)])
    if (optimizer.nesterov) options.push(['nesterov', 'true'])
  } else {
    const epsilon = explicitEpsilon(optimizer.epsilon, dialect)
    if (optimizer.beta1 !== 0.9) options.push(['beta1', String(optimizer.beta1)])
    if (optimizer.beta2 !== 0.999) options.push(['beta2', String(optimizer.beta2)])
    if (epsilon !== undefined) options.push(['epsilon', String(epsilon)])
  }
  if (optimizer.weightDecay !== 0) options.push(['weightDecay', String(optimizer.weightDecay)])
  const name = optimizer.type === 'sgd' ? 'SGD' : 'Adam'
  return printCall({
    callee: `export const optimizer = new optimizers.${name}`,
    options: [...options, ...formulationOption(spec, dialect)],
  })
}
