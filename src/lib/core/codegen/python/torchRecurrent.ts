/** What a PyTorch program needs for recurrent modules: a subclass of `Sequential`. */
import { netLoop, netPurpose, type NetText, type RecurrentModule, type Takes } from '../torchNet'
import { classTuple } from './layerParts'

const taken: Readonly<Record<Takes, string>> = { outputs: 'x[0]', lastOutput: 'x[0][:, -1]' }

const python: NetText = {
  loop: { alike: 'for module in self:', named: 'for name, module in self.named_children():' },
  ofClasses: (names, takes) => [`if isinstance(module, ${classTuple(names)}):`, `    x = ${taken[takes]}`],
  ofName: (name, takes) => [`if name == "${name}":`, `    x = ${taken[takes]}`],
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
