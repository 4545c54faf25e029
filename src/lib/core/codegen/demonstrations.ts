/** Programs that show what tells eager from static execution: the same text, but for `compile`. */
import type { Dialect } from '../catalogue/dialect'
import { lossRecords } from '../catalogue/losses'
import { isSequences } from '../catalogue/data'
import { tokensOf } from '../spec/datasets'
import type { Execution, Spec } from '../spec/schema'
import { outputCount } from '../spec/targets'
import { dataStatement } from './data'
import { loaderStatement, optimizerStatement, schedulerStatements } from './torch'
import { torchLayers, torchModules } from './torchLayers'
import { netClass, recurrentModules } from './torchNet'

/** The demonstrations by name. */
export const demonstrationIds = ['branch', 'print', 'shape', 'time'] as const

/** The name of a demonstration. */
export type DemonstrationId = (typeof demonstrationIds)[number]

/** A pair of programs and what to watch in them. */
export interface Demonstration {
  readonly id: DemonstrationId
  readonly title: string
  /** What to look at, for a class. */
  readonly watch: string
}

/** In the order of a lesson. */
export const demonstrations: readonly Demonstration[] = [
  {
    id: 'branch',
    title: 'An if on the loss',
    watch:
      'The step asks how large the loss is and decides. Eager (lane B) knows the number and trains. Static (lane A) ' +
      'is asked while it is being traced, when no tensor has a value yet: it fails at that line, before any step.',
  },
  {
    id: 'print',
    title: 'Print inside the step',
    watch:
      'Open both consoles. Eager (lane B) prints at every step. Static (lane A) prints once for each trace, a ' +
      'symbolic tensor: replaying the graph never comes back to this line.',
  },
  {
    id: 'shape',
    title: 'A layer of the wrong size',
    watch:
      'The last layer expects twice the features that it gets. Eager (lane B) meets that in its first step. Static ' +
      '(lane A) finds it while tracing, before any step.',
  },
  {
    id: 'time',
    title: 'A loop over time',
    watch:
      'The model loops over the tokens, so its code depends on their number. Eager (lane B) runs each batch at its own ' +
      'length. Static (lane A) has to trace the step anew for every shape of a batch: Signatures lists them, and the ' +
      'ledger tells what they cost. From the second epoch on all of them are there.',
  },
]

interface StepText {
  /** Lines of the step's body. */
  readonly body: readonly string[]
  readonly isAsync?: boolean
}

const forward = ['optimizer.zeroGrad()', 'const loss = criterion.forward(model.forward(x), y)']

const plainStep: StepText = { body: [...forward, 'loss.backward()', 'optimizer.step()', 'return loss'] }

const steps: Readonly<Record<DemonstrationId, StepText>> = {
  branch: {
    isAsync: true,
    body: [
      ...forward,
      '// As long as the loss is large, its gradient counts twice.',
      'if ((await loss.item()) > 0.5) loss.mul(2).backward()',
      'else loss.backward()',
      'optimizer.step()',
      'return loss',
    ],
  },
  print: { body: [...plainStep.body.slice(0, -1), "console.log('loss is', loss)", 'return loss'] },
  shape: plainStep,
  time: plainStep,
}

/** Of the model that loops over time. */
const embeddedSize = 8
const stateSize = 16

const dialect: Dialect = { style: 'torch', reference: 'torch' }

/** The program of a demonstration, PyTorch-style, for the data, model and optimizer of the spec; `time` needs sequences. */
export function demonstrationProgram(id: DemonstrationId, spec: Spec, execution: Execution): string {
  const { batchSize, epochs, shuffle } = spec.training
  const isCompiled = execution === 'static'
  const { body, isAsync = false } = steps[id]
  return [
    `import { nn, optim, ${isCompiled ? 'compile, ' : ''}manualSeed, ${id === 'time' ? 'zeros, ' : ''}DataLoader } from 'tandem/torch'`,
    `import { ${spec.data.kind} } from 'tandem/data'`,
    "import { log } from 'tandem/run'",
    '',
    `manualSeed(${spec.seed})`,
    '',
    dataStatement(spec, 'torch'),
    loaderStatement('train', batchSize, shuffle ? [['shuffle', 'true']] : []),
    '',
    ...modelText(id, spec),
    `const criterion = new nn.${lossRecords[spec.loss].torch}()`,
    optimizerStatement(spec, dialect),
    ...schedulerStatements(spec),
    '',
    `const trainStep = ${isCompiled ? 'compile(' : ''}${isAsync ? 'async ' : ''}(x, y) => {`,
    ...(spec.optimizer.schedule ? withScheduler(body) : body).map((line) => `  ${line}`),
    isCompiled ? '})' : '}',
    '',
    `for (let epoch = 1; epoch <= ${epochs}; epoch++) {`,
    '  for await (const [x, y] of trainLoader) {',
    `    const loss = ${isAsync ? 'await ' : ''}trainStep(x, y)`,
    '    log({ loss: loss.item() })',
    '  }',
    '}',
    '',
  ].join('\n')
}

function withScheduler(body: readonly string[]): readonly string[] {
  return body.flatMap((line) => (line === 'optimizer.step()' ? [line, 'scheduler.step()'] : [line]))
}

function modelText(id: DemonstrationId, spec: Spec): readonly string[] {
  if (id === 'time') return reader(spec)
  const layers = torchLayers(spec, dialect)
  const recurrent = recurrentModules(torchModules(spec, dialect))
  return [
    ...netClass(recurrent),
    `export const model = new ${recurrent.length > 0 ? 'Net' : 'nn.Sequential'}(`,
    ...(id === 'shape' ? withWrongSize(layers) : layers),
    ')',
  ]
}

/** A model with the loop over time written out. */
function reader({ data, loss }: Spec): readonly string[] {
  const tokens = isSequences(data) ? tokensOf(data) : 1
  return [
    'class Reader extends nn.Module {',
    `  embedding = new nn.Embedding(${tokens}, ${embeddedSize})`,
    `  cell = new nn.GRUCell(${embeddedSize}, ${stateSize})`,
    `  output = new nn.Linear(${stateSize}, ${outputCount(data, loss)})`,
    '',
    '  forward(x) {',
    '    const tokens = this.embedding.forward(x)',
    `    let h = zeros(x.size(0), ${stateSize})`,
    '    for (let t = 0; t < x.size(1); t++) h = this.cell.forward(tokens.select(1, t), h)',
    '    return this.output.forward(h)',
    '  }',
    '}',
    'export const model = new Reader()',
  ]
}

/** The last linear layer expects twice the features that it is given. */
function withWrongSize(layers: readonly string[]): readonly string[] {
  const last = layers.findLastIndex((line) => line.includes('nn.Linear('))
  const double = (_: string, features: string) => `nn.Linear(${2 * Number(features)}`
  const wrong = layers[last]?.replace(/nn\.Linear\((\d+)/, double)
  return wrong === undefined ? layers : layers.with(last, wrong)
}
