/** Translated programs compile, and those for Keras call it as its documentation says: see checkKerasCalls.py. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pythonNotebook, pythonScript } from '../../src/lib/core/codegen'
import { batchNormMomentum, normalizationEpsilon } from '../../src/lib/core/catalogue/layers/normalization'
import { adagradEpsilon, initialAccumulator } from '../../src/lib/core/catalogue/optimizers/adagrad'
import { adamEpsilon, adamwDecay } from '../../src/lib/core/catalogue/optimizers/adam'
import { rmspropEpsilon } from '../../src/lib/core/catalogue/optimizers/rmsprop'
import { styles } from '../../src/lib/core/spec'
import { pythonCases } from './pythonCases'

const signatures = 'tests/golden/kerasSignatures.json'

const { callables } = JSON.parse(readFileSync(signatures, 'utf8')) as {
  readonly callables: Readonly<Record<string, string>>
}

/** Any Python 3 will do. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import ast, inspect, json']).status === 0,
)

/** What is wrong with the scripts, one line each; '' for nothing. */
function complaintsOf(command: string, scripts: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'python-'))
  try {
    const files = scripts.map((script, index) => {
      const file = join(folder, `${index}.py`)
      writeFileSync(file, script)
      return file
    })
    const args = ['tests/golden/checkKerasCalls.py', signatures, ...files]
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    // A warning of some Python's own is no complaint.
    return status === 0 ? '' : `${stdout}${stderr}`.trim().replaceAll(`${folder}/`, '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const files = [{}, { weightsFile: 'weights.safetensors' }, { hasOrder: true }]

/** The code of a notebook as one program. */
function codeOf(notebook: string): string {
  const { cells } = JSON.parse(notebook) as {
    readonly cells: readonly { readonly cell_type: string; readonly source: readonly string[] }[]
  }
  return cells.flatMap(({ cell_type: type, source }) => (type === 'code' ? [source.join('')] : [])).join('\n')
}

if (python === undefined) {
  it.skip('translated programs: needs python3')
} else {
  describe('translated programs', () => {
    it.each(styles)('for %s compile and call what there is', (style) => {
      const scripts = pythonCases.flatMap(({ spec }) =>
        files.flatMap((given) => [
          pythonScript(spec, style, given),
          codeOf(pythonNotebook(spec, style, given)),
        ]),
      )
      expect(complaintsOf(python, scripts)).toBe('')
      const lines = scripts.flatMap((script) => script.split('\n'))
      expect(lines.filter(({ length }) => length > 88)).toEqual([])
    })

    const mistakes: readonly (readonly [string, string])[] = [
      ['layers.Dense(8, units=8)', "multiple values for argument 'units'"],
      ['layers.Dense(8, activaton="relu")', 'unexpected keyword activaton'],
      ['layers.Dense(8, activation="leakyRelu")', "activation has no 'leakyRelu'"],
      ['layers.Dense()', "missing a required argument: 'units'"],
      ['layers.Dence(8)', 'keras.layers.Dence is not'],
      ['keras.optimizers.Adam(learning_rate=1)', 'learning_rate must be a float, got 1'],
      ['keras.optimizers.Adam(beta1=0.9)', "unexpected keyword argument 'beta1'"],
      ['keras.Model', 'keras.Model is not in the list'],
      ['def (', 'line 3: '],
    ]

    it.each(mistakes)('finds what is wrong with %s', (line, complaint) => {
      const script = `import keras\nfrom keras import layers\n${line}\n`
      expect(complaintsOf(python, [script])).toContain(complaint)
    })

    it('finds what is wrong with a model and its weights', () => {
      const script = [
        'import keras',
        'model = keras.Sequential([])',
        'model.fit(1, 2, batchSize=3)',
        'model.train()',
        'model.compile(loss="mse loss", metrics=["acuracy"])',
        'for layer in model.layers:',
        '    for variable in layer.weights:',
        '        variable.assign(1, 2, 3)',
      ]
      const complaints = complaintsOf(python, [script.join('\n')]).split('\n')
      expect(complaints).toEqual([
        "0.py: line 3: keras.Sequential.fit: got an unexpected keyword argument 'batchSize'",
        '0.py: line 4: keras.Sequential.train is not in the list',
        '0.py: line 4: keras.Sequential.train is not a callable of the list',
        "0.py: line 5: keras.Sequential.compile: loss has no 'mse loss'",
        "0.py: line 5: keras.Sequential.compile: metrics has no 'acuracy'",
        '0.py: line 8: keras.Variable.assign: too many positional arguments',
      ])
    })
  })
}

describe("Keras' own defaults", () => {
  const defaultOf = (callable: string, parameter: string) => {
    const [, value] = new RegExp(`\\b${parameter}=([^,)]+)`).exec(callables[callable] ?? '') ?? []
    return Number(value)
  }

  it.each([
    ['keras.optimizers.Adam', 'epsilon', adamEpsilon],
    ['keras.optimizers.AdamW', 'epsilon', adamEpsilon],
    ['keras.optimizers.RMSprop', 'epsilon', rmspropEpsilon],
    ['keras.optimizers.Adagrad', 'epsilon', adagradEpsilon],
    ['keras.optimizers.Adagrad', 'initial_accumulator_value', initialAccumulator],
    ['keras.optimizers.AdamW', 'weight_decay', adamwDecay],
    ['keras.layers.BatchNormalization', 'epsilon', normalizationEpsilon],
    ['keras.layers.BatchNormalization', 'momentum', batchNormMomentum],
    ['keras.layers.LayerNormalization', 'epsilon', normalizationEpsilon],
  ])('%s: %s', (callable, parameter, { keras }) => {
    expect(defaultOf(callable, parameter)).toBe(keras)
  })
})
