/** Keras' formulations as PyTorch classes: what a PyTorch program needs to train exactly as a Keras-style lane. */
import type { OptimizerSpec, OptimizerType } from '../../spec/schema'
import { printPython } from './printPython'

/** Source text of a class and the class that it derives from. */
export interface Formulation {
  readonly name: string
  readonly code: readonly string[]
  /** Whether some of its parameters are not learned. */
  readonly isPartlyFrozen?: true
}

/** The update of one parameter `p`; `group` has the options of PyTorch's own class, `state` what p carries along. */
interface Rule {
  readonly doc: string
  readonly base: string
  /** Made before the first update, where PyTorch's class does not. */
  readonly initialState?: readonly string[]
  readonly update: readonly string[]
}

const decay = 'p.mul_(1 - group["lr"] * group["weight_decay"])'

const adam = (base: string): Rule => ({
  doc: 'As Keras: eps outside the bias correction, weight decay on the weights.',
  base,
  initialState: ['step=0', 'm=torch.zeros_like(p)', 'v=torch.zeros_like(p)'],
  update: [
    'beta1, beta2 = group["betas"]',
    'state["step"] += 1',
    'state["m"].mul_(beta1).add_(p.grad, alpha=1 - beta1)',
    'state["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)',
    'rate = group["lr"] * (1 - beta2 ** state["step"]) ** 0.5',
    'rate /= 1 - beta1 ** state["step"]',
    decay,
    'p.sub_(rate * state["m"] / (state["v"].sqrt() + group["eps"]))',
  ],
})

const rules: { readonly [T in OptimizerType]: Rule } = {
  sgd: {
    doc: 'As Keras: weight decay on the weights, not in the momentum.',
    base: 'SGD',
    initialState: ['velocity=torch.zeros_like(p)'],
    update: [
      'velocity = state["velocity"]',
      'velocity.mul_(group["momentum"]).sub_(p.grad, alpha=group["lr"])',
      decay,
      'if group["nesterov"]:',
      '    p.add_(group["momentum"] * velocity - group["lr"] * p.grad)',
      'else:',
      '    p.add_(velocity)',
    ],
  },
  adam: adam('Adam'),
  adamw: adam('AdamW'),
  rmsprop: {
    doc: 'As Keras: eps inside the root, weight decay on the weights.',
    base: 'RMSprop',
    initialState: ['squares=torch.zeros_like(p)', 'velocity=torch.zeros_like(p)'],
    update: [
      'alpha = group["alpha"]',
      'squares, velocity = state["squares"], state["velocity"]',
      'squares.mul_(alpha).addcmul_(p.grad, p.grad, value=1 - alpha)',
      'step = group["lr"] * p.grad / (squares + group["eps"]).sqrt()',
      'velocity.mul_(group["momentum"]).add_(step)',
      decay,
      'p.sub_(velocity)',
    ],
  },
  adagrad: {
    doc: 'As Keras: eps inside the root, weight decay on the weights.',
    base: 'Adagrad',
    update: [
      'state["sum"].addcmul_(p.grad, p.grad)',
      decay,
      'p.sub_(group["lr"] * p.grad / (state["sum"] + group["eps"]).sqrt())',
    ],
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
  const { doc, base, initialState, update } = rules[optimizer.type]
  const name = `Keras${base}`
  const indent = ' '.repeat(16)
  const code = [
    `class ${name}(optim.${base}):`,
    `    """${doc}"""`,
    '',
    '    @torch.no_grad()',
    '    def step(self):',
    '        for group in self.param_groups:',
    '            for p in group["params"]:',
    '                state = self.state[p]',
    ...(initialState === undefined
      ? []
      : [
          `${indent}if not state:`,
          printPython({ callee: 'state.update', positional: initialState, indent: `${indent}    ` }),
        ]),
    ...update.map((line) => indent + line),
  ]
  return { name, code }
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
