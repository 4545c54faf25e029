import { describe, expect, it } from 'vitest'
import { defaultSpec } from '../spec/defaults'
import { parseSpec } from '../spec/parse'
import type { Style } from '../spec/schema'
import { generateProgram } from './generateProgram'
import { pythonScript } from './python/index'

const embedding = { type: 'embedding', inputDim: 9, outputDim: 4 }
const output = { type: 'dense', units: 1, activation: 'sigmoid' }

function specOf(layers: readonly object[], alignment = 'aligned') {
  return parseSpec({
    ...defaultSpec(),
    data: { kind: 'csv', features: ['t0', 't1'], label: 'y', task: 'classification', trainFraction: 1 },
    model: { layers: [embedding, ...layers, output] },
    training: { shuffle: false },
    alignment,
  })
}

const lstm = { type: 'lstm', units: 5 }
const stacked = [
  { ...lstm, returnSequences: true },
  { type: 'activation', activation: 'tanh' },
  { type: 'gru', units: 3 },
]

/** The statement that makes the model, with a class in front of it. */
function modelOf(layers: readonly object[], style: Style, alignedTo?: Style): string {
  const place = alignedTo ? ({ lane: 'B', alignedTo } as const) : ({ lane: 'A' } as const)
  const program = generateProgram(specOf(layers), style, place)
  const [model] = /(\/\/ Recurrent[^]*?)?export const model = [^]*?\n\]?\)\n/.exec(program) ?? []
  return model ?? program
}

describe('programs on sequences of tokens', () => {
  it('say how many tokens there are where they read the file', () => {
    expect(generateProgram(specOf([lstm]), 'torch', { lane: 'A' })).toContain('  tokens: 9,\n')
    const flat = parseSpec({ ...specOf([lstm]), model: { layers: [output] } })
    expect(generateProgram(flat, 'torch', { lane: 'A' })).not.toContain('tokens')
  })

  it('have recurrent layers, Keras-style', () => {
    expect(modelOf(stacked, 'keras')).toMatchInlineSnapshot(`
      "export const model = new Sequential([
        Input({ shape: [2] }),
        new layers.Embedding(9, 4),
        new layers.LSTM(5, { returnSequences: true }),
        new layers.Activation('tanh'),
        new layers.GRU(3),
        new layers.Dense(1, { activation: 'sigmoid' }),
      ])
      "
    `)
    expect(modelOf([lstm], 'keras', 'torch')).toContain("new layers.LSTM(5, { formulation: 'torch' })")
  })

  it('take the last output, PyTorch-style', () => {
    expect(modelOf([lstm], 'torch')).toMatchInlineSnapshot(`
      "// Recurrent modules give their outputs and their last state; outputs go on.
      class Net extends nn.Sequential {
        forward(x) {
          for (const module of this) {
            x = module.forward(x)
            if (module instanceof nn.LSTM) x = x[0].select(1, -1)
          }
          return x
        }
      }

      export const model = new Net(
        new nn.Embedding(9, 4),
        new nn.LSTM(4, 5, { batchFirst: true }),
        new nn.Linear(5, 1),
      )
      "
    `)
  })

  it('name the modules where some give all outputs and others the last', () => {
    expect(modelOf(stacked, 'torch', 'keras')).toMatchInlineSnapshot(`
      "// Recurrent modules give their outputs and their last state; outputs go on.
      class Net extends nn.Sequential {
        forward(x) {
          for (const [name, module] of this.namedChildren()) {
            x = module.forward(x)
            if (name === '1') x = x[0]
            if (name === '3') x = x[0].select(1, -1)
          }
          return x
        }
      }

      export const model = new Net(
        new nn.Embedding(9, 4),
        new nn.LSTM(4, 5, { batchFirst: true, formulation: 'keras' }),
        new nn.Tanh(),
        new nn.GRU(5, 3, { batchFirst: true }),
        new nn.Linear(3, 1),
      )
      "
    `)
  })

  it('are translated to PyTorch with the same class', () => {
    const python = (layers: readonly object[], alignment: string) =>
      pythonScript(specOf(layers, alignment), 'torch').split('# Model')[1]?.split('print(model)')[0]
    expect(python([lstm], 'native')).toMatchInlineSnapshot(`
      "
      class Net(nn.Sequential):
          """Recurrent modules give their outputs and their last state; outputs go on."""

          def forward(self, x):
              for module in self:
                  x = module(x)
                  if isinstance(module, nn.LSTM):
                      x = x[0][:, -1]
              return x


      model = Net(
          nn.Embedding(9, 4),
          nn.LSTM(4, 5, batch_first=True),
          nn.Linear(5, 1),
      )
      "
    `)
    expect(python(stacked, 'aligned')).toMatchInlineSnapshot(`
      "
      class KerasLSTM(nn.LSTM):
          """As Keras: one bias is learned, the other one stays as it is."""

          def __init__(self, *args, **options):
              super().__init__(*args, **options)
              nn.init.zeros_(self.bias_hh_l0)
              self.bias_hh_l0.requires_grad_(False)


      class Net(nn.Sequential):
          """Recurrent modules give their outputs and their last state; outputs go on."""

          def forward(self, x):
              for name, module in self.named_children():
                  x = module(x)
                  if name == "1":
                      x = x[0]
                  if name == "3":
                      x = x[0][:, -1]
              return x


      model = Net(
          nn.Embedding(9, 4),
          KerasLSTM(4, 5, batch_first=True),
          nn.Tanh(),
          nn.GRU(5, 3, batch_first=True),
          nn.Linear(3, 1),
      )
      # Keras' initial weights: Glorot uniform, and biases of zero.
      for module in model:
          if isinstance(module, (nn.Linear, nn.Conv2d)):
              nn.init.xavier_uniform_(module.weight)
              if module.bias is not None:
                  nn.init.zeros_(module.bias)
          if isinstance(module, nn.Embedding):
              nn.init.uniform_(module.weight, -0.05, 0.05)
          if isinstance(module, (nn.LSTM, nn.GRU)):
              nn.init.xavier_uniform_(module.weight_ih_l0)
              nn.init.orthogonal_(module.weight_hh_l0)
              nn.init.zeros_(module.bias_ih_l0)
              nn.init.zeros_(module.bias_hh_l0)
          if isinstance(module, nn.LSTM):  # of the forget gate
              nn.init.ones_(module.bias_ih_l0.data.chunk(4)[1])
      "
    `)
  })

  it('leave the frozen bias to no optimizer in PyTorch', () => {
    const frozen = '(p for p in model.parameters() if p.requires_grad)'
    expect(pythonScript(specOf([lstm]), 'torch')).toContain(frozen)
    expect(pythonScript(specOf([{ type: 'gru', units: 3 }]), 'torch')).not.toContain(frozen)
    expect(pythonScript(specOf([lstm], 'native'), 'torch')).not.toContain(frozen)
  })
})
