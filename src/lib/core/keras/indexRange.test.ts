/** Positions that an Embedding does not have, and labels that are no class, are errors: eagerly and compiled. */
import { describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { Input, layers, losses, Sequential } from './index'
import { wasmSession } from '../../../../tests/support/wasmSession'

wasmSession()

const good = [
  [0, 2],
  [1, 2],
]
const bad = [
  [0, 3],
  [1, 2],
]
const y = [[0], [1]]
const message =
  'embedding: expected entries that are whole numbers from 0 to 2, got 3. Set inputDim to 4, or correct the data.'

function makeModel(runEagerly: boolean, ...before: layers.Layer[]): Sequential {
  const model = new Sequential([
    Input([2]),
    ...before,
    new layers.Embedding(3, 2),
    new layers.Flatten(),
    new layers.Dense(1),
  ])
  model.compile({ loss: 'mse', runEagerly })
  return model
}

describe.each([true, false])('with runEagerly: %s', (runEagerly) => {
  it('fit, evaluate, predict and trainOnBatch refuse what the table does not have, and go on afterwards', async () => {
    const model = makeModel(runEagerly)
    const options = { verbose: 0 } as const
    await model.fit(good, y, options)
    await expect(model.fit(bad, y, options)).rejects.toThrow(message)
    await expect(
      model.fit(
        [
          [0, -1],
          [1, 2],
        ],
        y,
        options,
      ),
    ).rejects.toThrow('got -1.')
    await expect(model.evaluate(bad, y)).rejects.toThrow(message)
    await expect(model.trainOnBatch(bad, y)).rejects.toThrow(message)
    await expect(model.predict(bad)).rejects.toThrow(message)
    const { history } = await model.fit(good, y, options)
    expect(history['loss']?.[0]).toBeGreaterThanOrEqual(0)
  })

  it('what a layer before it computes is refused as well', async () => {
    const model = makeModel(runEagerly, new layers.Rescaling(3))
    await model.predict([[0, 0]])
    await expect(model.predict([[0, 1]])).rejects.toThrow(message)
    expect((await model.predict([[0, 0]])).values).toHaveLength(1)
  })
})

it('a sparse loss refuses labels that are no class', () => {
  const loss = new losses.SparseCategoricalCrossentropy({ fromLogits: true })
  expect(() => loss.apply([5], [[1, 2, 3]])).toThrow(
    'sparseCategoricalCrossentropy: expected class numbers that are whole numbers from 0 to 2, got 5. Give the last layer one unit per class.',
  )
  expect(loss.apply(tf.tensor1d([2], 'int32'), [[1, 2, 3]]).dataSync()[0]).toBeCloseTo(0.4076, 3)
})
