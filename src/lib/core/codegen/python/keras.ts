/** A spec as a program for Keras 3. */
import { lossRecords } from '../../catalogue/losses'
import { inputShapeOf } from '../../spec/datasets'
import type { Spec } from '../../spec/schema'
import { openSize } from '../../util/shapes'
import { hasLogitOutputs, labelEncoding, lookedUpTokens } from '../../spec/targets'
import type { Dialect } from '../../catalogue/dialect'
import { hasTestSplit } from '../data'
import { comparesLogits, kerasLayers } from '../keras'
import { optimizerClass, optimizerOptions } from '../optimizers'
import { kerasSchedule } from '../rateSchedules'
import { keywords, printPython, pythonName, pythonText, pythonValue, withFloats } from './printPython'
import {
  executionComments,
  isRagged,
  loadArrays,
  safetensorsReader,
  type Files,
  type Section,
} from './sections'
import { kerasSequenceBatches, kerasSequenceFit } from './sequences'

const dialect: Dialect = { style: 'keras', reference: 'keras' }

/** Everything behind the imports. */
export function kerasSections(spec: Spec, files: Files): readonly Section[] {
  return [
    {
      title: 'Data',
      text: 'The examples come from a file; images are [height, width, channels].',
      code: isRagged(spec)
        ? [...loadArrays(spec, files), '', '', ...kerasSequenceBatches(spec, files)]
        : loadArrays(spec, files),
    },
    { title: 'Model', text: 'The layers, with sizes inferred from the input.', code: modelCode(spec, files) },
    ...(files.weightsFile === null ? [] : [weightsSection(files.weightsFile)]),
    {
      title: 'Training',
      text: 'Loss, optimizer and metrics, then the loop.',
      code: trainingCode(spec, files),
    },
    { title: 'Evaluation', text: 'Loss and metric of the trained model.', code: evaluationCode(spec) },
  ]
}

/** Import lines, in isort's order. */
export function kerasImports(_spec: Spec, { weightsFile }: Files): readonly string[] {
  return [
    ...(weightsFile === null ? [] : ['import json']),
    'from pathlib import Path',
    '',
    'import keras',
    'import numpy as np',
    'from keras import layers',
  ]
}

function modelCode(spec: Spec, { weightsFile }: Files): readonly string[] {
  const shape = inputShapeOf(spec.data)
  const type = lookedUpTokens(spec.model) === undefined ? '' : ', dtype="int32"'
  return [
    // It also forgets the seed, so it comes first.
    ...(weightsFile === null
      ? []
      : ['keras.utils.clear_session()  # layer names count from the beginning: dense, dense_1']),
    `keras.utils.set_random_seed(${spec.seed})`,
    'model = keras.Sequential(',
    '    [',
    `        keras.Input(shape=(${shape.map((size) => (size === openSize ? 'None' : size)).join(', ')}${shape.length === 1 ? ',' : ''})${type}),`,
    ...kerasLayers(spec, dialect).map(({ name, positional, options }) =>
      printPython({
        callee: `layers.${name}`,
        positional: positional.map(pythonValue),
        options,
        end: ',',
        indent: ' '.repeat(8),
      }),
    ),
    '    ]',
    ')',
    'model.summary()',
  ]
}

function weightsSection(weightsFile: string): Section {
  const code = [
    ...safetensorsReader,
    '',
    '',
    `weights = load_safetensors(folder / ${pythonText(weightsFile)})`,
    'for layer in model.layers:',
    '    for variable in layer.weights:',
    '        variable.assign(weights[f"{layer.name}/{variable.name}"])',
  ]
  return { title: 'Weights', text: 'Tensors are named by layer: `dense/kernel`.', code }
}

function trainingCode(spec: Spec, files: Files): readonly string[] {
  const schedule = kerasSchedule(spec)
  return [
    ...(schedule
      ? [
          printPython({
            callee: `schedule = keras.optimizers.schedules.${schedule.name}`,
            positional: keywords(withFloats(schedule.options, ['initialLearningRate'])),
          }),
        ]
      : []),
    printPython({
      callee: `optimizer = keras.optimizers.${optimizerClass(spec.optimizer)}`,
      options: withFloats(
        optimizerOptions(spec, dialect, ['learningRate', schedule ? 'schedule' : undefined]),
      ),
    }),
    ...(files.execution ? [executionComments[files.execution.execution]] : []),
    printPython({
      callee: 'model.compile',
      positional: [
        'optimizer=optimizer',
        `loss=${lossOf(spec)}`,
        `metrics=[${metricOf(spec)}]`,
        ...executionOptions(files.execution),
      ],
    }),
    ...fitCode(spec, files),
  ]
}

function executionOptions(asked: Files['execution']): readonly string[] {
  if (!asked) return []
  if (asked.execution === 'eager') return ['run_eagerly=True']
  const { stepsPerExecution } = asked
  return [
    'run_eagerly=False',
    ...(stepsPerExecution === 1 ? [] : [`steps_per_execution=${stepsPerExecution}`]),
  ]
}

function lossOf(spec: Spec): string {
  const { loss } = spec
  if (!hasLogitOutputs(spec)) return pythonText(pythonName(loss))
  return `keras.losses.${lossRecords[loss].keras}(from_logits=True)`
}

function metricOf(spec: Spec): string {
  // Keras' "accuracy" compares with 0.5, which is the middle of probabilities; that of logits is 0.
  if (comparesLogits(spec)) return 'keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)'
  return pythonText(labelEncoding(spec) === null ? 'mae' : 'accuracy')
}

function fitCode(spec: Spec, { hasOrder }: Files): readonly string[] {
  const { batchSize, epochs, shuffle } = spec.training
  if (isRagged(spec)) return kerasSequenceFit(spec)
  const validation = hasTestSplit(spec) ? ['validation_data=(x_test, y_test)'] : []
  if (!hasOrder) {
    const positional = [
      ...['x_train', 'y_train', `batch_size=${batchSize}`, `epochs=${epochs}`],
      ...(shuffle ? [] : ['shuffle=False']),
      ...validation,
      'verbose=2',
    ]
    return [printPython({ callee: 'model.fit', positional })]
  }
  const positional = [
    ...['x_train[rows]', 'y_train[rows]', `batch_size=${batchSize}`],
    ...['initial_epoch=epoch', 'epochs=epoch + 1', 'shuffle=False'],
    ...validation,
    'verbose=2',
  ]
  return [
    '# Each epoch in its recorded order.',
    'for epoch, rows in enumerate(data["order"]):',
    printPython({ callee: 'model.fit', positional, indent: '    ' }),
  ]
}

function evaluationCode(spec: Spec): readonly string[] {
  const part = hasTestSplit(spec) ? 'test' : 'train'
  const examples = isRagged(spec) ? `${part}_batches` : `x_${part}, y_${part}`
  return [`print(model.evaluate(${examples}, verbose=0, return_dict=True))`]
}
