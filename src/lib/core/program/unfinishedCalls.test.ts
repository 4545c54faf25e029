import { describe, expect, it } from 'vitest'
import { startTestRun } from '../../../../tests/support/testRun'

const program = (last: string) => `import { Input, layers, Sequential } from 'tandem/keras'
export const model = new Sequential([new Input({ shape: [2] }), new layers.Dense(1)])
model.compile({ optimizer: 'sgd', loss: 'mse' })
const [x, y] = [[[1, 2], [3, 4]], [[1], [2]]]
${last}
console.log('end')
`

describe('a program that ends while a call runs', () => {
  it.each([
    ['fit', 'model.fit(x, y, { epochs: 5 })'],
    ['evaluate', 'model.evaluate(x, y)'],
    ['testOnBatch', 'void model.testOnBatch(x, y)'],
  ])('%s fails at its line', async (name, call) => {
    const run = await startTestRun(program(call))
    await run.done
    expect(run.statuses.at(-1)).toBe('failed')
    expect(run.error?.message).toContain(`${name}: expected to be awaited`)
    expect(run.error?.message).toContain(`Write await model.${name}(…).`)
    expect(run.error?.line).toBe(5)
  })

  it('does not, where all are awaited, one after the other or together', async () => {
    const run = await startTestRun(
      program(
        'await model.fit(x, y, { epochs: 2 })\nawait Promise.all([model.evaluate(x, y), model.predict(x)])',
      ),
    )
    await run.done
    expect(run.statuses.at(-1)).toBe('finished')
  })
})
