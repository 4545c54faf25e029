/** What to write instead of names that tensors, modules and optimizers do not have: those of PyTorch, Keras and JavaScript. */
import type { Answers } from '../util/unknownNames'

/** One answer for several names. */
const same = (answer: string, names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, answer]))

/** `Write x.sub(…).` for each name of PyTorch's that means another one. */
const aliases = (of: string, names: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(names).map(([name, own]) => [name, `Write ${of}.${own}(…).`]))

const onHost = 'Write await x.tolist() for the values, and await x.item() for one of them.'
const rows = 'Write [...x] for the rows, and await x.tolist() for the values.'
const oneDevice = 'Leave it out: everything is on the backend of the lane.'
const wholeOrFloat = 'Numbers are float32, int32 or bool here: write x.to(torch.float32).'

const ofTensors = {
  ...same(onHost, 'dataSync arraySync array values toList toArray buffer'),
  ...same(rows, 'map forEach filter reduce entries keys push join'),
  ...same(oneDevice, 'cuda xpu mps pinMemory isCuda'),
  ...same(wholeOrFloat, 'half bfloat16 astype type short byte char'),
  ...aliases('x', {
    ...{
      absolute: 'abs',
      negative: 'neg',
      subtract: 'sub',
      multiply: 'mul',
      divide: 'div',
      trueDivide: 'div',
    },
    ...{ greater: 'gt', greaterEqual: 'ge', less: 'lt', lessEqual: 'le', notEqual: 'ne', fix: 'trunc' },
    ...{
      swapaxes: 'transpose',
      swapdims: 'transpose',
      moveaxis: 'permute',
      movedim: 'permute',
      tile: 'repeat',
    },
    ...{ broadcastTo: 'expand', inner: 'matmul', ravel: 'flatten', takeAlongDim: 'gather' },
  }),
  length: 'Write x.shape[0], or x.numel() for the number of elements.',
  toJSON: 'Text has no tensors: write JSON.stringify(await x.tolist()).',
  print: 'Write console.log(x).',
  slice: 'Write x.narrow(dim, start, length).',
  assign: 'Write x.copy_(values) inside noGrad(() => { ... }).',
  rank: 'Write x.ndim.',
  amax: 'Write x.max(dim).values, or x.max() for the largest of all.',
  amin: 'Write x.min(dim).values, or x.min() for the smallest of all.',
  median: 'Write x.sort().values, and take the one in the middle.',
  gradFn: 'Write x.isLeaf, or x.requiresGrad.',
  scatter: 'Write torch.where(mask, values, x); F.oneHot(index, n) makes such a mask.',
  scatter_: 'Write torch.where(mask, values, x); F.oneHot(index, n) makes such a mask.',
  maskedSelect:
    'Shapes do not depend on values here: write torch.where(mask, x, 0), or x.indexSelect(dim, index).',
  nonzero: 'Shapes do not depend on values here: write x.ne(0), and await its tolist().',
  unique: 'Shapes do not depend on values here: write new Set(await x.tolist()).',
  requires_grad: 'Write requiresGrad.',
}

const setRequiresGrad = 'Write module.requiresGrad_(false) to freeze all of its parameters.'
const ownLoop =
  'Write the loop yourself: optimizer.zeroGrad(), loss.backward(), optimizer.step() for each batch of a DataLoader.'
const listed = 'Write [...modules], which is an array with that method.'

const ofModules = {
  ...same(ownLoop, 'fit trainOnBatch evaluate'),
  ...same('Write noGrad(() => model.forward(x)).', 'predict predictOnBatch'),
  ...same('Write model.forward(x).', 'call __call__ ___call__'),
  ...same(oneDevice, 'cuda cpu'),
  ...same('Leave it out: parameters are float32.', 'half double float bfloat16 type'),
  ...same(setRequiresGrad, 'requiresGrad requires_grad trainable'),
  ...same('Write tensor.registerHook(fn) in forward.', 'registerFullBackwardHook registerBackwardHook'),
  ...same(listed, 'map forEach filter reduce entries push'),
  forward: 'Give the class a method forward(x) { ... }.',
  summary: 'Write console.log(String(model)).',
  compile: 'Write torch.compile(model), and make an optimizer and a loss.',
  layers: 'Write model.children().',
  getWeights: 'Write model.stateDict().',
  setWeights: 'Write model.loadStateDict(stateDict).',
  registerModule: 'Write model.addModule(name, module).',
}

const ofOptimizers = {
  ...same('Write optimizer.paramGroups[0].lr.', 'lr learning_rate'),
  ...same('Write loss.backward(), then optimizer.step().', 'minimize applyGradients apply_gradients'),
  ...same(
    'Set it for a group: optimizer.paramGroups[0].weightDecay = 0.1.',
    'momentum weightDecay betas eps alpha dampening nesterov',
  ),
}

const ofSchedulers = {
  ...same('Write scheduler.getLastLr().', 'getLr get_lr lr learningRate'),
}

const ofDatasets = {
  ...same('Write dataset.length.', 'size count numel'),
  ...same('Write for await (const [x, y] of new DataLoader(dataset)) { ... }.', 'forEach map entries filter'),
}

const ofLoaders = {
  ...same('Write for await (const [x, y] of loader) { ... }.', 'forEach map entries next iterator'),
  ...same('Write loader.length for the batches, loader.dataset.length for the examples.', 'size count'),
}

/** How tensors answer. */
export const tensorAnswers: Answers = {
  called: 'tensor',
  instead: ofTensors,
  refused: 'all',
  hidden: [
    ...['accumulate', 'gradient', 'isFreed', 'peek', 'replaceGrad', 'value', 'variable', 'flattenedFrom'],
    ...['shareWith', 'layout', 'markAsArgument', 'letVariableGo'],
  ],
}

/** How modules answer. */
export const moduleAnswers: Answers = {
  called: 'module',
  instead: ofModules,
  insteadOfSetting: same(setRequiresGrad, 'requiresGrad requires_grad trainable'),
  refused: 'slips',
}

/** How optimizers answer. */
export const optimizerAnswers: Answers = { called: 'optimizer', instead: ofOptimizers, refused: 'all' }

/** How the groups of an optimizer answer. */
export const groupAnswers: Answers = {
  called: 'paramGroups[0]',
  instead: same('Write lr.', 'learningRate learning_rate'),
  refused: 'all',
}

/** How schedulers answer. */
export const schedulerAnswers: Answers = { called: 'scheduler', instead: ofSchedulers, refused: 'all' }

/** How data loaders answer. */
export const loaderAnswers: Answers = { called: 'loader', instead: ofLoaders, refused: 'all' }

/** How our datasets answer. */
export const datasetAnswers: Answers = { called: 'dataset', instead: ofDatasets, refused: 'all' }

/** How datasets of programs answer. */
export const ownDatasetAnswers: Answers = { called: 'dataset', instead: ofDatasets, refused: 'slips' }
