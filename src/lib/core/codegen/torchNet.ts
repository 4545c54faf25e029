/** How a PyTorch program goes through modules of which some return more than a tensor: a subclass of `Sequential`. */
import type { TorchModule } from './torchLayers'

/** A recurrent module and its name in the `Sequential`. */
export interface RecurrentModule {
  readonly name: string
  readonly className: string
  readonly returnSequences: boolean
}

/** The recurrent ones among the modules. */
export function recurrentModules(modules: readonly TorchModule[]): readonly RecurrentModule[] {
  return modules.flatMap(({ name, layer }, index) =>
    layer && 'returnSequences' in layer
      ? [{ name: String(index), className: name, returnSequences: layer.returnSequences }]
      : [],
  )
}

/** What a language says of the subclass. */
export interface NetText {
  /** For recurrent modules that are treated alike: `condition` on the module and what follows it. */
  readonly ofClasses: (classNames: readonly string[], takes: Takes) => readonly string[]
  /** For one of several that are not, by its name. */
  readonly ofName: (name: string, takes: Takes) => readonly string[]
  readonly loop: { readonly alike: string; readonly named: string }
}

/** What goes on to the next module. */
export type Takes = 'outputs' | 'lastOutput'

/** The head of the loop over the modules, and what is done with the results of recurrent ones. */
export function netLoop(
  recurrent: readonly RecurrentModule[],
  text: NetText,
): { readonly head: string; readonly steps: readonly string[] } {
  const takes = ({ returnSequences }: RecurrentModule): Takes => (returnSequences ? 'outputs' : 'lastOutput')
  const [first] = recurrent
  if (first && recurrent.every((each) => takes(each) === takes(first))) {
    const classNames = [...new Set(recurrent.map(({ className }) => className))]
    return { head: text.loop.alike, steps: text.ofClasses(classNames, takes(first)) }
  }
  return {
    head: text.loop.named,
    steps: recurrent.flatMap((each) => text.ofName(each.name, takes(each))),
  }
}

/** What the class is for, in one line; both languages say it. */
export const netPurpose = 'Recurrent modules give their outputs and their last state; outputs go on.'

const taken: Readonly<Record<Takes, string>> = { outputs: 'x[0]', lastOutput: 'x[0].select(1, -1)' }

const javaScript: NetText = {
  loop: {
    alike: 'for (const module of this) {',
    named: 'for (const [name, module] of this.namedChildren()) {',
  },
  ofClasses: (names, takes) => [
    `if (${names.map((name) => `module instanceof nn.${name}`).join(' || ')}) x = ${taken[takes]}`,
  ],
  ofName: (name, takes) => [`if (name === '${name}') x = ${taken[takes]}`],
}

/** The class as program text; nothing where no module is recurrent. */
export function netClass(recurrent: readonly RecurrentModule[]): readonly string[] {
  if (recurrent.length === 0) return []
  const { head, steps } = netLoop(recurrent, javaScript)
  return [
    `// ${netPurpose}`,
    'class Net extends nn.Sequential {',
    '  forward(x) {',
    `    ${head}`,
    '      x = module.forward(x)',
    ...steps.map((step) => `      ${step}`),
    '    }',
    '    return x',
    '  }',
    '}',
    '',
  ]
}
