/** What a PyTorch program needs for recurrent modules: a subclass of `Sequential`, and Keras' single bias and first weights. */
import { netLoop, netPurpose, type NetText, type RecurrentModule, type Takes } from '../torchNet'
import type { Formulation } from './kerasFormulations'

const taken: Readonly<Record<Takes, string>> = { outputs: 'x[0]', lastOutput: 'x[0][:, -1]' }

const python: NetText = {
  loop: { alike: 'for module in self:', named: 'for name, module in self.named_children():' },
  ofClasses: (names, takes) => [`if isinstance(module, ${tuple(names)}):`, `    x = ${taken[takes]}`],
  ofName: (name, takes) => [`if name == "${name}":`, `    x = ${taken[takes]}`],
}

/** One class, or a tuple of several. */
function tuple(names: readonly string[]): string {
  const classes = names.map((name) => `nn.${name}`)
  return classes.length === 1 ? (classes[0] ?? '') : `(${classes.join(', ')})`
}

/** The class that goes through the modules; nothing where none is recurrent. */
export function pythonNet(recurrent: readonly RecurrentModule[]): readonly string[] {
  if (recurrent.length === 0) return []
  const { head, steps } = netLoop(recurrent, python)
  return [
    'class Net(nn.Sequential):',
    `    """${netPurpose}"""`,
    '',
    '    def forward(self, x):',
    `        ${head}`,
    '            x = module(x)',
    ...steps.map((step) => `            ${step}`),
    '        return x',
    '',
    '',
  ]
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
  return { name, code }
}

/** What Keras' layers for sequences start from: lines of the loop over the modules. */
export function kerasSequenceInitialisation(
  recurrent: readonly RecurrentModule[],
  hasEmbedding: boolean,
): readonly string[] {
  const classNames = [...new Set(recurrent.map(({ className }) => className))]
  return [
    ...(hasEmbedding
      ? ['    if isinstance(module, nn.Embedding):', '        nn.init.uniform_(module.weight, -0.05, 0.05)']
      : []),
    ...(classNames.length > 0
      ? [
          `    if isinstance(module, ${tuple(classNames)}):`,
          '        nn.init.xavier_uniform_(module.weight_ih_l0)',
          '        nn.init.orthogonal_(module.weight_hh_l0)',
          '        nn.init.zeros_(module.bias_ih_l0)',
          '        nn.init.zeros_(module.bias_hh_l0)',
        ]
      : []),
    ...(classNames.includes('LSTM')
      ? [
          '    if isinstance(module, nn.LSTM):  # of the forget gate',
          '        nn.init.ones_(module.bias_ih_l0.data.chunk(4)[1])',
        ]
      : []),
  ]
}
