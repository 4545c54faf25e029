/** What to write instead of names that models, layers, optimizers and others do not have: those of Python and of other libraries. */
import type { Answers } from '../util/unknownNames'

/** One answer for several names. */
const same = (answer: string, names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, answer]))

const isProgram = 'The program says what the model is.'
const onePass = 'Write model.apply(x).'

/** How models answer. */
export const modelAnswers: Answers = {
  called: 'model',
  instead: {
    ...same(isProgram, 'toJson to_json getConfig get_config fromConfig from_config'),
    ...same('Write model.saveWeights(path): weights are kept, not the layers.', 'save export'),
    ...same('Write await model.fit(x, y).', 'fitGenerator fit_generator'),
    ...same('Write await model.predict(x).', 'predictOnBatch predict_on_batch'),
    ...same(onePass, 'forward __call__'),
    ...same('Use what fit returns: const { history } = await model.fit(x, y).', 'history'),
  },
  insteadOfSetting: same('Write stopTraining.', 'stop_training'),
  refused: 'slips',
  hidden: ['innerWeights', 'asLayer', 'buildOn'],
}

/** How layers answer. */
export const layerAnswers: Answers = {
  called: 'layer',
  instead: same('Write layer.apply(x).', 'forward __call__'),
  refused: 'slips',
}

const asFunction = 'Write a metric of your own as a function: metrics: [(yTrue, yPred) => …].'

/** How metrics answer. */
export const metricAnswers: Answers = {
  called: 'metric',
  instead: same(asFunction, 'addWeight add_weight addVariable add_variable'),
  refused: 'slips',
}

const update = 'Write optimizer.apply(gradients, weights) with the gradients of a GradientTape.'

/** How optimizers answer. */
export const optimizerAnswers: Answers = {
  called: 'optimizer',
  instead: {
    ...same('Write learningRate.', 'lr'),
    ...same('Write slots().', 'variables'),
    ...same(update, 'minimize step zeroGrad zero_grad'),
  },
  refused: 'all',
  hidden: ['createRule'],
}

const oneRecord = 'Write tape.record(() => …) for what it is to remember.'

/** How tapes answer. */
export const tapeAnswers: Answers = {
  called: 'tape',
  instead: {
    ...same('Write one tape.gradient for each output, of a tape that is persistent.', 'jacobian'),
    ...same(oneRecord, 'stopRecording stop_recording reset __enter__'),
  },
  refused: 'all',
}

/** How variables answer. */
export const variableAnswers: Answers = {
  called: 'variable',
  instead: same('Write await ops.convertToNumpy(variable).', 'numpy dataSync arraySync array'),
  refused: 'all',
}
