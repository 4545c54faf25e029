/** A step is an update of an optimizer in both executions, however many of them a compiled function makes. */
import { describe, expect, it } from 'vitest'
import { startTestRun } from '../support/testRun'

interface Execution {
  readonly isCompiled: boolean
  readonly stepsPerExecution?: number
}

/** Four batches; `body` is what one of them does. */
function program(body: string, { isCompiled, stepsPerExecution = 1 }: Execution): string {
  return `import { DataLoader, compile, nn, optim, manualSeed } from 'tandem/torch'
import { plane } from 'tandem/data'
import { log } from 'tandem/run'

manualSeed(1)
const { train } = plane({ samples: 32, seed: 1, trainFraction: 0.5 })
export const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.Linear(3, 1))
export const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 })
const criterion = new nn.MSELoss()
const makeUpdate = (x, y) => {
  optimizer.zeroGrad()
  const loss = criterion.forward(model.forward(x), y)
  loss.backward()
  optimizer.step()
  return loss
}
const step = (x, y) => {
  ${body}
}
const run = ${isCompiled ? `compile(step, { stepsPerExecution: ${stepsPerExecution} })` : 'step'}
for await (const [x, y] of new DataLoader(train, { batchSize: 4 })) {
  const loss = run(x, y)
  log({ loss: loss.item() })
}
`
}

const twoUpdates = 'makeUpdate(x, y)\n  return makeUpdate(x, y)'
const noUpdate = 'return criterion.forward(model.forward(x), y)'

/** Logged losses with their steps, and how many steps the run took. */
async function outcome(text: string) {
  const run = await startTestRun(text)
  await run.done
  expect(run.error).toBeUndefined()
  return { losses: run.series('loss'), step: run.reports.at(-1)?.step }
}

describe.each([1, 3])('%i calls at a time', (stepsPerExecution) => {
  const compiled = { isCompiled: true, stepsPerExecution }

  it('counts both updates of a compiled function', async () => {
    const eager = await outcome(program(twoUpdates, { isCompiled: false }))
    const found = await outcome(program(twoUpdates, compiled))
    expect(eager.step).toBe(8)
    expect(found.step).toBe(8)
    expect(found.losses.map(({ step }) => step)).toEqual(eager.losses.map(({ step }) => step))
    for (const [index, { value }] of found.losses.entries())
      expect(value).toBeCloseTo(eager.losses[index]?.value ?? NaN, 6)
  })

  it('counts no step where moving averages change and no optimizer does anything', async () => {
    expect((await outcome(program(noUpdate, { isCompiled: false }))).step).toBe(0)
    expect((await outcome(program(noUpdate, compiled))).step).toBe(0)
  })

  it('pauses after the batch that makes the last update asked for', async () => {
    const steps: (number | undefined)[] = []
    for (const execution of [{ isCompiled: false }, compiled]) {
      const run = await startTestRun(program(twoUpdates, execution), { limit: { kind: 'steps', count: 3 } })
      await run.reaches('paused')
      steps.push(run.reports.at(-1)?.step)
      run.lane.stop()
      await run.done
    }
    expect(steps).toEqual([4, 4])
  })
})
