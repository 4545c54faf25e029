import { CompletionContext } from '@codemirror/autocomplete'
import { javascript } from '@codemirror/lang-javascript'
import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import * as docs from 'virtual:api-docs'
import { completeApi, explain } from './completion'

const keras = "import { Sequential, Input, layers, optimizers as how } from 'tandem/keras'\n"
const torch = "import { nn, optim, compile } from 'tandem/torch'\n"

/** The state of a text, and the place of `|` in it. */
function at(marked: string): { state: EditorState; position: number } {
  const position = marked.indexOf('|')
  const state = EditorState.create({ doc: marked.replace('|', ''), extensions: [javascript()] })
  return { state, position }
}

function offered(marked: string): readonly string[] {
  const { state, position } = at(marked)
  const result = completeApi(docs)(new CompletionContext(state, position, false))
  return result?.options.map(({ label }) => label) ?? []
}

function explained(marked: string): string | undefined {
  const { state, position } = at(marked)
  return explain(docs, state, position)?.entry.signature
}

describe('completion', () => {
  it('offers modules, what they export, and what stands after a dot', () => {
    expect(offered("import { csv } from '|'")).toEqual([
      'tandem/keras',
      'tandem/torch',
      'tandem/data',
      'tandem/run',
    ])
    expect(offered("import { l| } from 'tandem/run'")).toEqual(['log', 'initialWeights'])
    expect(offered(`${keras}new layers.|`)).toContain('Dense')
    expect(offered(`${keras}how.|`)).toEqual(expect.arrayContaining(['SGD', 'Adam']))
    expect(offered(`${torch}new nn.Li|`)).toContain('Linear')
  })

  it('offers what objects have, their base class included', () => {
    expect(offered(`${keras}const model = new Sequential([])\nmodel.|`)).toContain('compile')
    const members = offered(`${torch}const o = new optim.Adam(model.parameters())\no.|`)
    expect(members).toEqual(expect.arrayContaining(['step', 'zeroGrad', 'learningRate']))
    expect(members.filter((name) => name.startsWith('#'))).toEqual([])
    const ofTensor = offered("import { tensor } from 'tandem/torch'\nconst x = tensor([1])\nx.|")
    expect(ofTensor).toEqual(expect.arrayContaining(['item', 'detach', 'sum', 'grad', 'shape']))
    const ofOurs = ['value', 'peek', 'variable', 'accumulate', 'shareWith', 'flattenedFrom']
    expect(ofTensor.filter((name) => ofOurs.includes(name))).toEqual([])
  })

  it('offers the options of a call where their names stand, and not as values', () => {
    const dense = offered(`${keras}new layers.Dense(3, { | })`)
    expect(dense).toEqual(expect.arrayContaining(['activation', 'useBias']))
    expect(offered(`${keras}new layers.Dense(3, { useBias: true, a| })`)).toEqual(dense)
    expect(offered(`${keras}new how.Adam({ beta| })`)).toEqual(expect.arrayContaining(['beta1', 'beta2']))
    expect(offered(`${torch}const o = new optim.Adam(model.parameters(), { | })`)).toContain('betas')
    const fit = `${keras}const model = new Sequential()\nawait model.fit(x, y, { | })`
    expect(offered(fit)).toEqual(expect.arrayContaining(['epochs', 'batchSize', 'validationData']))
    expect(offered(`${keras}new layers.Dense(3, { useBias: t| })`)).not.toContain('activation')
  })

  it('offers the texts that an option, an entry of its list, or an argument may be', () => {
    expect(offered(`${keras}new layers.Conv2D(4, { padding: 's|' })`)).toEqual(['valid', 'same'])
    expect(offered(`${keras}new layers.Dense(4, { activation: 're|' })`)).toContain('relu')
    expect(offered(`${keras}new layers.Activation('|')`)).toContain('tanh')
    expect(offered(`${keras}const model = new Sequential()\nmodel.compile({ metrics: ['|'] })`)).toContain(
      'mae',
    )
    expect(offered(`${keras}new layers.Dense(4, { useBias: '|' })`)).toEqual([])
    expect(offered("const text = '|'")).toEqual([])
  })

  it('offers nothing for what it does not know', () => {
    expect(offered(`${keras}const x = something()\nx.|`)).toEqual([])
    expect(offered("import { | } from 'elsewhere'")).toEqual([])
  })
})

describe('an explanation', () => {
  it('is found for imports, members and options', () => {
    expect(explained(`${keras}new layers.De|nse(1)`)).toContain(
      'new Dense(units: number, activation = null, useBias = true',
    )
    expect(explained(`${keras}new Sequ|ential()`)).toContain('new Sequential(')
    expect(explained(`${keras}new layers.Dense(1, { use|Bias: true })`)).toBe('useBias?: boolean')
    expect(explained(`${keras}const model = new Sequential()\nmodel.f|it(x)`)).toContain('fit(')
    expect(explained('const plain| = 1')).toBeUndefined()
  })

  it('has the first sentence of the source', () => {
    const { state, position } = at(`${torch}com|pile()`)
    expect(explain(docs, state, position)?.entry.doc).toBe(
      'Compiles a function of tensors, such as a whole training or evaluation step, or a module.',
    )
  })
})
