/** Keras' formulations as PyTorch classes: what a PyTorch program needs to train exactly as a Keras-style lane. */
import { optimizerRecords } from '../../catalogue/optimizers'
import type { KerasUpdate } from '../../catalogue/optimizers/kerasUpdate'
import type { OptimizerSpec, OptimizerType } from '../../spec/schema'
import { conditional, leaf, ofFloats, ofTensors } from './arithmetic'
import { printPython } from './printPython'

/** Source text of a class and the class that it derives from. */
export interface Formulation {
  readonly name: string
  readonly code: readonly string[]
  /** Whether some of its parameters are not learned. */
  readonly isPartlyFrozen?: true
}

/** How Keras' rule of an optimizer stands in a class that derives from PyTorch's. */
interface Printed {
  /** Names of the rule's options where PyTorch's class has others. */
  readonly options?: Readonly<Record<string, string>>
  /** Options that the class reads from its group; `betas` are two. */
  readonly group: readonly string[]
  /** Options that the program leaves off. What is not named is on: a rule with a momentum of 0 is the one without. */
  readonly off?: readonly string[]
  /** Options that the class decides by. */
  readonly conditions?: readonly string[]
  /** Names of what a parameter carries along, where they are not the rule's. */
  readonly slots?: Readonly<Record<string, string>>
  /** Where PyTorch's class keeps what a parameter carries along, if it makes that itself. */
  readonly made?: Readonly<Record<string, string>>
}

/** Columns before the statements of a class's methods. */
const classIndent = 8

const adam: Printed = { options: { epsilon: 'eps' }, group: ['lr', 'betas', 'eps'], off: ['amsgrad'] }

const printed: { readonly [T in OptimizerType]: Printed } = {
  sgd: {
    group: ['lr', 'momentum', 'nesterov'],
    conditions: ['nesterov'],
    slots: { momentum: 'velocity' },
  },
  adam,
  adamw: adam,
  rmsprop: {
    options: { rho: 'alpha', epsilon: 'eps' },
    group: ['lr', 'alpha', 'momentum', 'eps'],
    off: ['centered'],
    slots: { momentum: 'velocity' },
  },
  adagrad: {
    options: { epsilon: 'eps' },
    group: ['lr', 'eps'],
    slots: { accumulator: 'squares' },
    made: { squares: 'sum' },
  },
}

/**
 * Keras' update rule of the optimizer; null where PyTorch's own is the same arithmetic. Keras' velocity has the learning
 * rates of its steps in it, PyTorch's does not, so that they part where the rate changes.
 */
export function kerasOptimizer(optimizer: OptimizerSpec): Formulation | null {
  if (optimizer.type === 'sgd') {
    const { momentum, weightDecay, schedule } = optimizer
    if (momentum === 0 || (weightDecay === 0 && schedule === undefined)) return null
  }
  const { label, kerasUpdate } = optimizerRecords[optimizer.type]
  const name = `Keras${label}`
  const code = [
    `class ${name}(optim.${label}):`,
    `    """${kerasUpdate.doc}"""`,
    '',
    '    @torch.no_grad()',
    '    def step(self):',
    ...stepLines(kerasUpdate, printed[optimizer.type]).map((line) => ' '.repeat(classIndent) + line),
  ]
  return { name, code }
}

function stepLines(update: KerasUpdate, printing: Printed): readonly string[] {
  const { group, slots = {}, made } = printing
  const { rate, lines } = updateLines(update, printing)
  const carried = update.slots.map((name) => slots[name] ?? name)
  const places = carried.map((name) => `state["${made?.[name] ?? name}"]`)
  return [
    'for group in self.param_groups:',
    ...group.map((name) => `    ${name === 'betas' ? 'beta1, beta2' : name} = group["${name}"]`),
    '    for p in group["params"]:',
    '        if p.grad is None:',
    '            continue',
    '        grad, state = p.grad, self.state[p]',
    ...(made ? [] : ['        if not state:', ...initialState(carried, rate)]),
    ...(rate === null ? [] : ['        state["step"] += 1', '        step = state["step"]']),
    `        ${carried.join(', ')} = ${places.join(', ')}`,
    ...(rate === null ? [] : [`        rate = ${rate}`]),
    ...lines.map((line) => `        ${line}`),
  ]
}

/** Made before the first update, where PyTorch's class does not. */
function initialState(slots: readonly string[], rate: string | null): readonly string[] {
  const positional = [
    ...(rate === null ? [] : ['step=0']),
    ...slots.map((name) => `${name}=torch.zeros_like(p)`),
  ]
  const call = printPython({ callee: 'state.update', positional, indent: ' '.repeat(classIndent + 12) })
  return call.split('\n').map((line) => line.slice(classIndent))
}

/** The rate of a step, where it is not the learning rate itself; and what an update does to one parameter. */
function updateLines(update: KerasUpdate, { options, off, conditions, slots }: Printed) {
  const option = (name: string) => leaf(options?.[name] ?? name)
  const slot = (name: string) => leaf(slots?.[name] ?? name)
  const learningRate = leaf('lr')
  const rate = update.rate(ofFloats, learningRate, option, leaf('step'))
  const kept: string[] = []
  const weight = update.weight(ofTensors, {
    option,
    choose(name, ifOn, ifOff) {
      if (off?.includes(name)) return ifOff()
      return conditions?.includes(name) ? conditional(name, ifOn(), ifOff()) : ifOn()
    },
    weight: leaf('p'),
    gradient: leaf('grad'),
    rate: rate === learningRate ? rate : leaf('rate'),
    slot,
    keep(name, value) {
      kept.push(`${slot(name).text}.copy_(${value.text})`)
      return slot(name)
    },
  })
  const lines = [...kept, 'p.mul_(1 - lr * group["weight_decay"])', `p.copy_(${weight.text})`]
  return { rate: rate === learningRate ? null : rate.text, lines }
}

/** The axes that a batch of the module's inputs is averaged over. */
const averagedAxes: Readonly<Record<string, string>> = { BatchNorm1d: '(0,)', BatchNorm2d: '(0, 2, 3)' }

/** Keras' batch normalisation in place of PyTorch's module `base`. */
export function kerasBatchNorm(base: string): Formulation {
  const name = `Keras${base}`
  const code = [
    `class ${name}(nn.${base}):`,
    '    """As Keras: the running variance is divided by n, not by n - 1."""',
    '',
    '    def forward(self, x):',
    '        if not self.training:',
    '            return super().forward(x)',
    `        variance, mean = torch.var_mean(x, ${averagedAxes[base] ?? ''}, unbiased=False, keepdim=True)`,
    '        with torch.no_grad():',
    '            self.running_mean.lerp_(mean.flatten(), self.momentum)',
    '            self.running_var.lerp_(variance.flatten(), self.momentum)',
    '        weight, bias = self.weight.view(mean.shape), self.bias.view(mean.shape)',
    '        return (x - mean) / (variance + self.eps).sqrt() * weight + bias',
  ]
  return { name, code }
}

/** Keras' one bias in place of PyTorch's two, of which the second is not learned. */
export function kerasRecurrent(base: string): Formulation {
  const name = `Keras${base}`
  const code = [
    `class ${name}(nn.${base}):`,
    '    """As Keras: one bias is learned, the other one stays as it is."""',
    '',
    '    def __init__(self, *args, **options):',
    '        super().__init__(*args, **options)',
    '        nn.init.zeros_(self.bias_hh_l0)',
    '        self.bias_hh_l0.requires_grad_(False)',
  ]
  return { name, code, isPartlyFrozen: true }
}
