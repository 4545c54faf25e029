/** What each parameter of optimizers, schedulers, data loaders and methods of modules does. */
import { because, calling, notInPyTorch } from './rows.mjs'

/** @typedef {Readonly<Record<string, import('./rows.mjs').Other>>} Others */

const speed = because('it is for speed')
const notRecorded = because('refused in words: steps are not recorded')
const lastEpoch = because('refused in words: loadStateDict goes on')
const noWorkers = because('there are no workers')
const ownOrder = because('refused in words: shuffle and Subset do its work')

/** @param {string} name @param {Readonly<Record<string, string>>} given @param {Others} other */
const optimizer = (name, given, other) => ({
  call: `trained((params) => new optim.${name}(params, $))`,
  given,
  other: {
    params: calling(`trained((params) => new optim.${name}([{ params: params[0] }], { lr: 0.2 }))`),
    lr: '0.3',
    weightDecay: '0.3',
    maximize: 'true',
    foreach: speed,
    differentiable: notRecorded,
    formulation: notInPyTorch,
    ...other,
  },
})

const adam = { betas: '[0.5, 0.6]', eps: '0.5', amsgrad: 'true', capturable: speed, fused: speed }

/** @param {string} name @param {Others} [other] */
const adamOf = (name, other = {}) => ({
  ...optimizer(name, { lr: '0.1', betas: '[0.9, 0.5]' }, { ...adam, ...other }),
  call: `trained((params) => new optim.${name}(params, $), 12)`,
})

/** @param {string} name @param {Readonly<Record<string, string>>} given @param {Others} other */
const scheduler = (name, given, other) => ({
  call: `rates((optimizer) => new lrScheduler.${name}(optimizer, $))`,
  given,
  other: {
    optimizer: because('every row gives it'),
    lastEpoch,
    ...other,
  },
})

const metrics = '[3, 2, 1.999, 2, 1.9, 2, 2, 2]'

/** @param {string} options */
const plateau = (options) =>
  calling(
    `rates((optimizer) => new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0, ${options} }), 8, ${metrics})`,
  )

/** @param {string} expression @param {Others} other */
const row = (expression, other) => ({ call: expression, other })

/** @type {import('./rows.mjs').Rows} */
export const trainingRows = {
  'optim.SGD': optimizer(
    'SGD',
    { lr: '0.1', momentum: '0.9' },
    { momentum: '0.5', dampening: '0.5', nesterov: 'true', fused: speed },
  ),
  'optim.Adam': adamOf('Adam', {
    decoupledWeightDecay: calling(
      'trained((params) => new optim.Adam(params, { lr: 0.1, weightDecay: 0.3, decoupledWeightDecay: true }), 12)',
    ),
  }),
  'optim.AdamW': adamOf('AdamW'),
  'optim.RMSprop': optimizer(
    'RMSprop',
    { lr: '0.1' },
    { alpha: '0.5', eps: '0.5', momentum: '0.5', centered: 'true', capturable: speed },
  ),
  'optim.Adagrad': optimizer(
    'Adagrad',
    { lr: '0.1' },
    { lrDecay: '0.5', initialAccumulatorValue: '0.5', eps: '0.5', fused: speed },
  ),
  'optim.lrScheduler.StepLR': scheduler('StepLR', { stepSize: '2' }, { stepSize: '3', gamma: '0.5' }),
  'optim.lrScheduler.MultiStepLR': scheduler(
    'MultiStepLR',
    { milestones: '[2, 5]' },
    { milestones: '[3]', gamma: '0.5' },
  ),
  'optim.lrScheduler.ExponentialLR': scheduler('ExponentialLR', { gamma: '0.9' }, { gamma: '0.5' }),
  'optim.lrScheduler.ConstantLR': scheduler('ConstantLR', {}, { factor: '0.5', totalIters: '2' }),
  'optim.lrScheduler.LinearLR': scheduler(
    'LinearLR',
    {},
    { startFactor: '0.5', endFactor: '0.8', totalIters: '2' },
  ),
  'optim.lrScheduler.PolynomialLR': scheduler('PolynomialLR', {}, { totalIters: '3', power: '2' }),
  'optim.lrScheduler.LambdaLR': scheduler(
    'LambdaLR',
    { lrLambda: '(epoch) => 1 / (epoch + 1)' },
    { lrLambda: '[(epoch) => epoch + 2]' },
  ),
  'optim.lrScheduler.MultiplicativeLR': scheduler(
    'MultiplicativeLR',
    { lrLambda: '(epoch) => 1 / epoch' },
    { lrLambda: '[(epoch) => epoch + 2]' },
  ),
  'optim.lrScheduler.CosineAnnealingLR': scheduler(
    'CosineAnnealingLR',
    { tMax: '4' },
    { tMax: '5', etaMin: '0.5' },
  ),
  'optim.lrScheduler.CosineAnnealingWarmRestarts': scheduler(
    'CosineAnnealingWarmRestarts',
    { t0: '2' },
    { t0: '3', tMult: '2', etaMin: '0.5' },
  ),
  'optim.lrScheduler.ReduceLROnPlateau': row(
    `rates((optimizer) => new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0 }), 8, ${metrics})`,
    {
      optimizer: because('every row gives it'),
      mode: plateau("mode: 'max'"),
      factor: plateau('factor: 0.5'),
      patience: calling(
        `rates((optimizer) => new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 1 }), 8, ${metrics})`,
      ),
      threshold: plateau('threshold: 0.5'),
      thresholdMode: plateau("threshold: 0.5, thresholdMode: 'abs', factor: 0.7"),
      cooldown: plateau('cooldown: 2'),
      minLr: plateau('minLr: 0.05'),
      eps: plateau('eps: 0.5'),
    },
  ),
  'optim.lrScheduler.ReduceLROnPlateau.step': row(
    'rates((optimizer) => new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0 }), 2, [1, 2])',
    {
      metrics: calling(
        'rates((optimizer) => new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0 }), 2, [2, 1])',
      ),
      epoch: because('refused in words: it counts itself'),
    },
  ),
  'optim.Optimizer.step': row('closed((optimizer, closure) => optimizer.step())', {
    closure: calling('closed((optimizer, closure) => optimizer.step({ closure: closure }))'),
  }),
  'optim.Optimizer.zeroGrad': row('gradientsAfter((layer) => new optim.SGD(layer.parameters()).zeroGrad())', {
    setToNone: calling(
      'gradientsAfter((layer) => new optim.SGD(layer.parameters()).zeroGrad({ setToNone: false }))',
    ),
  }),
  'nn.Module.namedParameters': row('names(shared().namedParameters())', {
    prefix: calling("names(shared().namedParameters({ prefix: 'a' }))"),
    recurse: calling('names(shared().namedParameters({ recurse: false }))'),
    removeDuplicate: calling('names(shared().namedParameters({ removeDuplicate: false }))'),
  }),
  'nn.Module.namedBuffers': row('names(tracked().namedBuffers())', {
    prefix: calling("names(tracked().namedBuffers({ prefix: 'a' }))"),
    recurse: calling('names(tracked().namedBuffers({ recurse: false }))'),
    removeDuplicate: calling('names(tracked().namedBuffers({ removeDuplicate: false }))'),
  }),
  'nn.Module.namedModules': row('names(shared().namedModules())', {
    memo: because('refused in words: it belongs to the recursion'),
    prefix: calling("names(shared().namedModules({ prefix: 'a' }))"),
    removeDuplicate: calling('names(shared().namedModules({ removeDuplicate: false }))'),
  }),
  'nn.Module.modules': row('counted(shared().modules())', {
    removeDuplicate: because('torch.nn.Module.named_modules has it; of modules() in 2.13 alone'),
  }),
  'nn.Module.parameters': row('counted(net().parameters())', {
    recurse: calling('counted(net().parameters({ recurse: false }))'),
  }),
  'nn.Module.buffers': row('counted(tracked().buffers())', {
    recurse: calling('counted(tracked().buffers({ recurse: false }))'),
  }),
  'nn.Module.apply': row('applied((model) => model.apply((module) => module.eval()))', {
    fn: calling('applied((model) => model.apply({ fn: (module) => module.requiresGrad_(false) }))'),
  }),
  'nn.Module.train': row('net().eval().train().training', {
    mode: calling('net().train({ mode: false }).training'),
  }),
  'nn.Module.requiresGrad_': row('required(net().requiresGrad_())', {
    requiresGrad: calling('required(net().requiresGrad_({ requiresGrad: false }))'),
  }),
  'nn.Module.zeroGrad': row('gradientsAfter((layer) => layer.zeroGrad())', {
    setToNone: calling('gradientsAfter((layer) => layer.zeroGrad({ setToNone: false }))'),
  }),
  'nn.Module.stateDict': row('required(keysAndValues(plainNet().stateDict()))', {
    destination: because('refused in words: what comes back can be spread'),
    prefix: calling("names(keysOf(plainNet().stateDict({ prefix: 'a.' })))"),
    keepVars: calling('required(keysAndValues(plainNet().stateDict({ keepVars: true })))'),
  }),
  'nn.Module.loadStateDict': row(
    'loaded((layer) => layer.loadStateDict({ stateDict: { weight: t([[1, 2]]), bias: t([3]) } }))',
    {
      stateDict: calling(
        'loaded((layer) => layer.loadStateDict({ stateDict: { weight: t([[4, 5]]), bias: t([3]) } }))',
      ),
      strict: calling(
        'loaded((layer) => layer.loadStateDict({ stateDict: { weight: t([[1, 2]]), more: t([3]) }, strict: false }))',
      ),
      assign: because('refused in words: values are copied'),
    },
  ),
  'nn.Module.registerBuffer': row("buffered((layer) => layer.registerBuffer('own', t([1])))", {
    name: calling("buffered((layer) => layer.registerBuffer({ name: 'other', tensor: t([1]) }))"),
    tensor: calling("buffered((layer) => layer.registerBuffer('own', null))"),
    persistent: calling("buffered((layer) => layer.registerBuffer('own', t([1]), { persistent: false }))"),
  }),
  'nn.Module.registerParameter': row(
    "buffered((layer) => layer.registerParameter('own', new nn.Parameter(t([1]))))",
    {
      name: calling(
        "buffered((layer) => layer.registerParameter({ name: 'other', param: new nn.Parameter(t([1])) }))",
      ),
      param: calling("buffered((layer) => layer.registerParameter({ name: 'own', param: null }))"),
    },
  ),
  'nn.Module.addModule': row("buffered((layer) => layer.addModule('own', new nn.Linear(1, 1)))", {
    name: calling("buffered((layer) => layer.addModule({ name: 'other', module: new nn.Linear(1, 1) }))"),
    module: calling("buffered((layer) => layer.addModule({ name: 'own', module: new nn.Tanh() }))"),
  }),
  'nn.Module.registerForwardHook': row('hooked((layer, hook) => layer.registerForwardHook(hook))', {
    hook: because('every row gives it'),
    prepend: calling('hooked((layer, hook) => layer.registerForwardHook(hook, { prepend: true }))'),
    withKwargs: because('refused in words: a hook is given all arguments'),
    alwaysCall: because('refused in words: after an error no hook is called'),
  }),
  'nn.Module.registerForwardPreHook': row('preHooked((layer, hook) => layer.registerForwardPreHook(hook))', {
    hook: because('every row gives it'),
    prepend: calling('preHooked((layer, hook) => layer.registerForwardPreHook(hook, { prepend: true }))'),
    withKwargs: because('refused in words: a hook is given all arguments'),
  }),
  DataLoader: {
    call: 'sizes(new DataLoader($))',
    given: { dataset: 'data()', batchSize: '4' },
    other: {
      dataset: 'data(7)',
      batchSize: '3',
      shuffle: calling('isShuffled(new DataLoader({ dataset: data(), shuffle: true }))'),
      sampler: ownOrder,
      batchSampler: ownOrder,
      numWorkers: noWorkers,
      collateFn: because('refused in words: the loop does its work'),
      pinMemory: because('batches are made where they are used'),
      dropLast: 'true',
      timeout: noWorkers,
      workerInitFn: noWorkers,
      multiprocessingContext: noWorkers,
      generator: because('its numbers are drawn; generator.test.ts looks at them'),
      prefetchFactor: noWorkers,
      persistentWorkers: noWorkers,
      pinMemoryDevice: because('batches are made where they are used'),
      inOrder: noWorkers,
    },
  },
  Subset: {
    call: 'batches(new DataLoader(new Subset($)))',
    given: { dataset: 'data()', indices: '[1, 3]' },
    other: {
      dataset: because('every row gives it'),
      indices: '[2]',
    },
  },
  randomSplit: {
    call: 'lengths(randomSplit($))',
    given: { dataset: 'data()', lengths: '[7, 3]' },
    other: {
      dataset: calling('lengths(randomSplit({ dataset: data(4), lengths: [3, 1] }))'),
      lengths: '[0.5, 0.5]',
      generator: because('its numbers are drawn; generator.test.ts looks at them'),
      seed: notInPyTorch,
    },
  },
  'autograd.grad': row('differentiated((z, x, y) => autograd.grad(z, x))', {
    outputs: calling('differentiated((z, x, y) => autograd.grad({ outputs: scaled(z), inputs: x }))'),
    inputs: calling(
      'differentiated((z, x, y) => autograd.grad({ outputs: z, inputs: [y], allowUnused: true }))',
    ),
    gradOutputs: because('refused in words: the output can be multiplied'),
    retainGraph: because('without it a second call is an error'),
    createGraph: because('refused in words: second derivatives are not there'),
    onlyInputs: because('refused in words: backward() does the rest'),
    allowUnused: calling('differentiated((z, x, y) => autograd.grad(z, [x, y], { allowUnused: true }))'),
    isGradsBatched: because('refused in words: one call for each output'),
    materializeGrads: calling(
      'differentiated((z, x, y) => autograd.grad(z, [x, y], { materializeGrads: true }))',
    ),
  }),
}
