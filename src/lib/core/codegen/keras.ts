/** A spec as a Keras-style program: model, `compile`, `fit`. */
import { inputShapeOf } from '../spec/datasets'
import type { Activation, LayerSpec, RecurrentSpec, Spec } from '../spec/schema'
import { printShape } from '../util/shapes'
import { hasLogitOutputs, labelEncoding } from '../spec/targets'
import {
  batchNormMomentum,
  explicit,
  formulation,
  hasTwoBiases,
  negativeSlope,
  normalizationEpsilon,
  option,
  recurrentClasses,
  type Dialect,
  stepsOption,
  type ProgramForm,
  unless,
} from './constants'
import { dataStatement, hasTestSplit } from './data'
import { optimizerClasses, optimizerOptions } from './optimizers'
import { printCall, quote, type LayerCall, type Options } from './printCall'
import { kerasSchedule } from './rateSchedules'

/** The program text. */
export function kerasProgram(spec: Spec, dialect: Dialect, form: ProgramForm): string {
  const { loadsInitialWeights, compiled } = form
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
    `  Input({ shape: ${printShape(inputShapeOf(spec.data))} }),`,
    ...kerasLayers(spec, dialect).map(({ name, ...call }) =>
      printCall({ callee: `new layers.${name}`, ...call, end: ',', indent: '  ' }),
    ),
    '])',
    ...(loadsInitialWeights ? [`model.setWeights(await initialWeights('A'))`] : []),
    '',
    ...optimizerStatements(spec, dialect),
    compileStatement(spec, compiled),
    '',
    fitStatement(spec),
    '',
  ].join('\n')
}

function compileStatement(spec: Spec, compiled: ProgramForm['compiled']): string {
  const loss = hasLogitOutputs(spec)
    ? `new losses.${spec.loss.charAt(0).toUpperCase()}${spec.loss.slice(1)}({ fromLogits: true })`
    : quote(spec.loss)
  const metrics: Options = [['metrics', labelEncoding(spec) === null ? `['mae']` : `['accuracy']`]]
  return printCall({
    callee: 'model.compile',
    options: [
      ['optimizer', 'optimizer'],
      ['loss', loss],
      ...metrics,
      ['runEagerly', String(compiled === null)],
      ...(compiled ? stepsOption(compiled) : []),
    ],
  })
}

function fitStatement(spec: Spec): string {
  const { training } = spec
  return printCall({
    callee: 'await model.fit',
    positional: ['train.x', 'train.y'],
    options: [
      ['batchSize', String(training.batchSize)],
      ['epochs', String(training.epochs)],
      ...(training.shuffle ? [] : [['shuffle', 'false'] as const]),
      ...(hasTestSplit(spec) ? [['validationData', '[test.x, test.y]'] as const] : []),
    ],
  })
}

/** The layers as calls; an activation with a foreign constant becomes a layer of its own. */
export function kerasLayers(spec: Spec, dialect: Dialect): readonly LayerCall[] {
  return spec.model.layers.flatMap((layer) => layersOf(layer, dialect))
}

function layersOf(layer: LayerSpec, dialect: Dialect): readonly LayerCall[] {
  const call = (name: string, positional: readonly string[] = [], options: Options = []): LayerCall => {
    return { name, positional, options }
  }
  const activated = (name: string, size: number, activation: Activation, before: Options, after: Options) => {
    const slope = foreignSlope(activation, dialect)
    const isInside = activation !== 'linear' && slope === undefined
    const inside: Options = isInside ? [['activation', quote(activation)]] : []
    const calls = [call(name, [String(size)], [...before, ...inside, ...after])]
    return slope === undefined ? calls : [...calls, leakyRelu(slope)]
  }
  const leakyRelu = (slope: number) => call('LeakyReLU', [], [['negativeSlope', String(slope)]])
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
      return [call('MaxPooling2D', [], poolingOptions(layer))]
    case 'averagePooling2d':
      return [call('AveragePooling2D', [], poolingOptions(layer))]
    case 'batchNormalization':
      return [call('BatchNormalization', [], batchNormOptions(layer, dialect))]
    case 'layerNormalization':
      return [call('LayerNormalization', [], epsilonOption(layer, dialect))]
    case 'embedding':
      return [call('Embedding', [String(layer.inputDim), String(layer.outputDim)])]
    case 'simpleRnn':
    case 'lstm':
    case 'gru':
      return [
        call(recurrentClasses[layer.type].keras, [String(layer.units)], recurrentOptions(layer, dialect)),
      ]
    case 'flatten':
      return [call('Flatten')]
    case 'dropout':
      return [call('Dropout', [String(layer.rate)])]
    case 'activation': {
      const slope = foreignSlope(layer.activation, dialect)
      return [slope === undefined ? call('Activation', [quote(layer.activation)]) : leakyRelu(slope)]
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

function recurrentOptions({ type, returnSequences }: RecurrentSpec, dialect: Dialect): Options {
  const following = hasTwoBiases[type] ? [] : formulation(dialect)
  return [...unless('returnSequences', returnSequences, false), ...following]
}

function batchNormOptions(
  layer: Extract<LayerSpec, { type: 'batchNormalization' }>,
  dialect: Dialect,
): Options {
  const momentum = option('momentum', explicit(layer.momentum, batchNormMomentum, dialect))
  return [...momentum, ...epsilonOption(layer, dialect), ...formulation(dialect)]
}

function epsilonOption({ epsilon }: { readonly epsilon?: number | undefined }, dialect: Dialect): Options {
  return option('epsilon', explicit(epsilon, normalizationEpsilon, dialect))
}

/** The slope of a leaky ReLU that follows the other framework; undefined for any other activation. */
function foreignSlope(activation: Activation, dialect: Dialect): number | undefined {
  return activation === 'leakyRelu' ? explicit(undefined, negativeSlope, dialect) : undefined
}

function poolingOptions({ poolSize, strides }: Extract<LayerSpec, { poolSize: number }>): Options {
  const size: Options = [['poolSize', String(poolSize)]]
  return strides === undefined || strides === poolSize ? size : [...size, ['strides', String(strides)]]
}

function optimizerStatements(spec: Spec, dialect: Dialect): readonly string[] {
  const schedule = kerasSchedule(spec)
  const optimizer = printCall({
    callee: `export const optimizer = new optimizers.${optimizerClasses[spec.optimizer.type]}`,
    options: optimizerOptions(spec, dialect, ['learningRate', schedule ? 'schedule' : undefined]),
  })
  if (!schedule) return [optimizer]
  const { name, ...call } = schedule
  return [printCall({ callee: `const schedule = new optimizers.schedules.${name}`, ...call }), optimizer]
}
