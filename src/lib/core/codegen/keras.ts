/** A spec as a Keras-style program: model, `compile`, `fit`. */
import { quote, type ClassCall, type Options } from '../catalogue/calls'
import type { Dialect } from '../catalogue/dialect'
import { layerFacts } from '../catalogue/layers'
import { lossRecords } from '../catalogue/losses'
import { inputShapeOf } from '../spec/datasets'
import type { Spec } from '../spec/schema'
import { printShape } from '../util/shapes'
import { hasLogitOutputs, labelEncoding } from '../spec/targets'
import { stepsOption, type ProgramForm } from './programForm'
import { dataStatement, hasTestSplit } from './data'
import { optimizerClass, optimizerOptions } from './optimizers'
import { printCall } from './printCall'
import { kerasSchedule } from './rateSchedules'

/** The program text. */
export function kerasProgram(spec: Spec, dialect: Dialect, form: ProgramForm): string {
  const { loadsInitialWeights, compiled } = form
  const names = ['Sequential', 'Input', 'layers', 'optimizers', 'setRandomSeed']
  if (hasLogitOutputs(spec)) names.splice(3, 0, 'losses', ...(comparesLogits(spec) ? ['metrics'] : []))
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

/** Whether the accuracy compares a logit with a threshold. */
export function comparesLogits(spec: Spec): boolean {
  return hasLogitOutputs(spec) && labelEncoding(spec) === 'binary'
}

function compileStatement(spec: Spec, compiled: ProgramForm['compiled']): string {
  const loss = hasLogitOutputs(spec)
    ? `new losses.${lossRecords[spec.loss].keras}({ fromLogits: true })`
    : quote(spec.loss)
  // Keras' 'accuracy' compares with 0.5, which is the middle of probabilities; that of logits is 0.
  const accuracy = comparesLogits(spec)
    ? `new metrics.BinaryAccuracy({ name: 'accuracy', threshold: 0 })`
    : `'accuracy'`
  const metrics: Options = [['metrics', labelEncoding(spec) === null ? `['mae']` : `[${accuracy}]`]]
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
export function kerasLayers({ model }: Pick<Spec, 'model'>, dialect: Dialect): readonly ClassCall[] {
  return model.layers.flatMap((layer) => layerFacts(layer).keras(layer, dialect))
}

function optimizerStatements(spec: Spec, dialect: Dialect): readonly string[] {
  const schedule = kerasSchedule(spec)
  const optimizer = printCall({
    callee: `export const optimizer = new optimizers.${optimizerClass(spec.optimizer)}`,
    options: optimizerOptions(spec, dialect, ['learningRate', schedule ? 'schedule' : undefined]),
  })
  if (!schedule) return [optimizer]
  const { name, ...call } = schedule
  return [printCall({ callee: `const schedule = new optimizers.schedules.${name}`, ...call }), optimizer]
}
