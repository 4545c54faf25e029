/** Translations as text; tests/golden compiles and runs them. */
import { describe, expect, it } from 'vitest'
import { defaultSpec } from '../../spec/defaults'
import { parseSpec } from '../../spec/parse'
import type { Spec } from '../../spec/schema'
import { pythonNotebook, pythonScript } from '.'
import { printPython, pythonName, pythonValue, withFloats } from './printPython'

const circle = defaultSpec()
const native: Spec = { ...circle, alignment: 'native' }

function withOptimizer(optimizer: object, alignment = 'aligned'): Spec {
  return parseSpec({ ...circle, optimizer: { learningRate: 0.1, ...optimizer }, alignment })
}

/** Lines of a script that contain the word. */
function linesWith(script: string, word: string): string[] {
  return script.split('\n').flatMap((line) => (line.includes(word) ? [line.trim()] : []))
}

interface Cell {
  readonly cell_type: string
  readonly id: string
  readonly source: readonly string[]
}

describe('a script of a lane', () => {
  const script = (style: 'keras' | 'torch', execution: 'eager' | 'static', stepsPerExecution = 1) =>
    pythonScript(native, style, { execution: { execution, stepsPerExecution } })

  it('for Keras says how steps run', () => {
    expect(linesWith(script('keras', 'eager'), 'eager')).toEqual([
      '# As in the lane: eager, each operation when Python reaches it.',
      'run_eagerly=True,',
    ])
    expect(linesWith(script('keras', 'static', 10), 'run_eagerly')).toEqual(['run_eagerly=False,'])
    expect(linesWith(script('keras', 'static', 10), 'per_execution')).toEqual(['steps_per_execution=10,'])
    expect(script('keras', 'static')).not.toContain('per_execution')
  })

  it('for PyTorch compiles the step of a static one', () => {
    const text = script('torch', 'static')
    expect(linesWith(text, 'train_step')).toEqual(['def train_step(x, y):', 'loss = train_step(x, y)'])
    expect(text).toContain('\n@torch.compile\ndef train_step')
    expect(script('torch', 'eager')).not.toContain('torch.compile')
    expect(script('torch', 'eager')).toContain('# As in the lane: eager')
  })
})

describe('a script', () => {
  it('for Keras', () => {
    expect(pythonScript(circle, 'keras', { weightsFile: 'weights.safetensors' })).toMatchInlineSnapshot(`
      """"Circle in Keras 3."""

      import json
      from pathlib import Path

      import keras
      import numpy as np
      from keras import layers

      folder = Path(__file__).parent

      # Data
      data = np.load(folder / "data.npz")
      x_train, y_train = data["x_train"], data["y_train"]
      x_test, y_test = data["x_test"], data["y_test"]

      # Model
      keras.utils.clear_session()  # layer names count from the beginning: dense, dense_1
      keras.utils.set_random_seed(42)
      model = keras.Sequential(
          [
              keras.Input(shape=(2,)),
              layers.Dense(8, activation="tanh"),
              layers.Dense(8, activation="tanh"),
              layers.Dense(1, activation="sigmoid"),
          ]
      )
      model.summary()


      # Weights
      def load_safetensors(path):
          """The float32 tensors of a file by name: a length, a JSON header, the values."""
          content = path.read_bytes()
          start = 8 + int.from_bytes(content[:8], "little")
          header = json.loads(content[8:start])
          header.pop("__metadata__", None)
          tensors = {}
          for name, entry in header.items():
              first, last = entry["data_offsets"]
              values = np.frombuffer(content[start + first : start + last], dtype="<f4")
              tensors[name] = values.reshape(entry["shape"])
          return tensors


      weights = load_safetensors(folder / "weights.safetensors")
      for layer in model.layers:
          for variable in layer.weights:
              variable.assign(weights[f"{layer.name}/{variable.name}"])

      # Training
      optimizer = keras.optimizers.Adam(learning_rate=0.03)
      model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])
      model.fit(
          x_train,
          y_train,
          batch_size=32,
          epochs=50,
          validation_data=(x_test, y_test),
          verbose=2,
      )

      # Evaluation
      print(model.evaluate(x_test, y_test, verbose=0, return_dict=True))
      "
    `)
  })

  it('for PyTorch', () => {
    expect(pythonScript(native, 'torch')).toMatchInlineSnapshot(`
      """"Circle in PyTorch."""

      from pathlib import Path

      import numpy as np
      import torch
      from torch import nn, optim
      from torch.utils.data import DataLoader, TensorDataset

      folder = Path(__file__).parent

      # Data
      torch.manual_seed(42)
      data = np.load(folder / "data.npz")
      x_train, y_train = data["x_train"], data["y_train"]
      x_test, y_test = data["x_test"], data["y_test"]
      train_set = TensorDataset(torch.from_numpy(x_train), torch.from_numpy(y_train))
      train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
      test_set = TensorDataset(torch.from_numpy(x_test), torch.from_numpy(y_test))
      test_loader = DataLoader(test_set, batch_size=256)

      # Model
      model = nn.Sequential(
          nn.Linear(2, 8),
          nn.Tanh(),
          nn.Linear(8, 8),
          nn.Tanh(),
          nn.Linear(8, 1),
      )
      print(model)


      # Training
      def evaluate(loader):
          """Mean loss and accuracy over the examples of a loader."""
          model.eval()
          loss, accuracy = 0.0, 0.0
          with torch.no_grad():
              for x, y in loader:
                  outputs = model(x)
                  loss += criterion(outputs, y).item() * len(x)
                  accuracy += ((outputs > 0) == y).sum().item()
          return loss / len(loader.dataset), accuracy / len(loader.dataset)


      criterion = nn.BCEWithLogitsLoss()
      optimizer = optim.Adam(model.parameters(), lr=0.03)

      losses = []  # of every batch
      for epoch in range(1, 51):
          model.train()
          for x, y in train_loader:
              optimizer.zero_grad()
              loss = criterion(model(x), y)
              loss.backward()
              optimizer.step()
              losses.append(loss.item())
          mean_loss = sum(losses[-len(train_loader) :]) / len(train_loader)
          progress = f"epoch {epoch}: loss {mean_loss:.6g}"
          val_loss, val_accuracy = evaluate(test_loader)
          progress += f", val_loss {val_loss:.6g}, val_accuracy {val_accuracy:.6g}"
          print(progress)

      # Evaluation
      final_loss, final_accuracy = evaluate(test_loader)
      print({"loss": final_loss, "accuracy": final_accuracy})
      "
    `)
  })

  it('for PyTorch follows Keras where the spec is aligned', () => {
    const script = pythonScript(withOptimizer({ type: 'rmsprop' }), 'torch')
    expect(linesWith(script, 'KerasRMSprop')).toEqual([
      'class KerasRMSprop(optim.RMSprop):',
      'optimizer = KerasRMSprop(model.parameters(), lr=0.1, alpha=0.9, eps=1e-7)',
    ])
    expect(script).toContain('(squares + eps).sqrt()')
    expect(script).toContain('nn.init.xavier_uniform_(module.weight)')
    const loaded = pythonScript(withOptimizer({ type: 'rmsprop' }), 'torch', { weightsFile: 'w' })
    expect(loaded).not.toContain('xavier')
  })

  it.each([
    [{ type: 'sgd', momentum: 0.9 }, 'optim.SGD(model.parameters(), lr=0.1, momentum=0.9)'],
    [{ type: 'sgd', weightDecay: 0.1 }, 'optim.SGD(model.parameters(), lr=0.1, weight_decay=0.1)'],
  ])('takes PyTorch’s own rule where it is the same: %o', (optimizer, line) => {
    expect(pythonScript(withOptimizer(optimizer), 'torch')).toContain(`optimizer = ${line}\n`)
  })

  it("has each framework's own constants where the spec is native", () => {
    const spec = withOptimizer({ type: 'adam', learningRate: 1, beta1: 0.8, weightDecay: 0.1 }, 'native')
    expect(pythonScript(spec, 'torch')).toContain(
      'optimizer = optim.Adam(model.parameters(), lr=1.0, betas=(0.8, 0.999), weight_decay=0.1)\n',
    )
    expect(pythonScript(spec, 'keras')).toContain(
      'optimizer = keras.optimizers.Adam(learning_rate=1.0, beta_1=0.8, weight_decay=0.1)\n',
    )
  })

  it('takes the batches in the order of its file where there is one', () => {
    expect(linesWith(pythonScript(circle, 'torch', { hasOrder: true }), 'order')).toContain(
      'sampler=RecordedOrder(data["order"]),',
    )
    expect(linesWith(pythonScript(circle, 'keras', { hasOrder: true }), 'order')).toContain(
      'for epoch, rows in enumerate(data["order"]):',
    )
  })

  it('is not ended by the name of a spec or of a file', () => {
    const named = { ...circle, name: 'a """ b\n\\' }
    const script = pythonScript(named, 'torch', { dataFile: 'a "b".npz' })
    expect(script.split('\n')[0]).toBe('"""a \\"\\"\\" b\\n\\\\ in PyTorch."""')
    expect(script).toContain('np.load(folder / "a \\"b\\".npz")')
  })

  it('shows the characters of a name that nobody would see', () => {
    const script = pythonScript({ ...circle, name: 'a\u202eb\u{e0001}c\x7f' }, 'torch')
    expect(script.split('\n')[0]).toBe(String.raw`"""a\u202eb\U000e0001c\u007f in PyTorch."""`)
  })

  it('has no validation where all rows train', () => {
    const data = { kind: 'csv', features: ['a', 'b'], label: 'y', task: 'classification', trainFraction: 1 }
    const spec = parseSpec({ ...circle, data })
    for (const style of ['keras', 'torch'] as const) {
      const script = pythonScript(spec, style)
      expect(script).not.toMatch(/x_test|test_loader|val_/)
      expect(script).toContain('# Evaluation')
    }
  })
})

describe('a notebook', () => {
  const notebook = JSON.parse(pythonNotebook(circle, 'torch', { weightsFile: 'w.safetensors' })) as {
    readonly nbformat: number
    readonly nbformat_minor: number
    readonly cells: readonly Cell[]
  }

  it('takes a name for text, not for Markdown', () => {
    const name = '![x](http://a.b/c) <b>\n$y$ \u202e_z_'
    const { cells } = JSON.parse(pythonNotebook({ ...circle, name }, 'keras')) as { cells: readonly Cell[] }
    expect(cells[0]?.source).toEqual([
      String.raw`# \!\[x\](http\://a\.b/c) \<b\> \$y\$ ` + '\ufffd' + String.raw`\_z\_ in Keras 3`,
    ])
  })

  it('has a heading and a code cell for each section', () => {
    expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5])
    expect(notebook.cells[0]?.source).toEqual(['# Circle in PyTorch'])
    expect(notebook.cells.slice(1).map(({ cell_type: type, id }) => `${type} ${id}`)).toEqual(
      ['imports', 'data', 'model', 'weights', 'training', 'evaluation'].flatMap((id) => [
        `markdown ${id}-text`,
        `code ${id}`,
      ]),
    )
  })

  it('has the code of the script, but for where its files lie', () => {
    const code = notebook.cells.flatMap(({ cell_type: type, source }) => (type === 'code' ? source : []))
    const script = pythonScript(circle, 'torch', { weightsFile: 'w.safetensors' })
    const plain = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('# '))
    const own = plain(code.join('').replace('folder = Path()', 'folder = Path(__file__).parent'))
    // Cells do not end in a line break, so that joined they share lines with their neighbours.
    expect(own.join('')).toBe(plain(script).slice(1).join(''))
  })
})

describe('printPython', () => {
  it('breaks a call that does not fit', () => {
    const options = [['learningRate', '0.1']] as const
    expect(printPython({ callee: 'f', positional: ['x'], options })).toBe('f(x, learning_rate=0.1)')
    expect(printPython({ callee: 'f'.repeat(90), positional: ['x'], end: ',', indent: '  ' })).toBe(
      `  ${'f'.repeat(90)}(\n      x,\n  ),`,
    )
  })

  it.each([
    ['true', 'True'],
    ["'leakyRelu'", '"leaky_relu"'],
    ['[0.9, 0.99]', '(0.9, 0.99)'],
    ['1e-7', '1e-7'],
  ])('writes %s as %s', (source, expected) => {
    expect(pythonValue(source)).toBe(expected)
  })

  it('spells names as Python does', () => {
    expect(['beta1', 'poolSize', 'eps'].map(pythonName)).toEqual(['beta_1', 'pool_size', 'eps'])
    expect(withFloats([['lr', '1']])).toEqual([['lr', '1.0']])
  })
})
