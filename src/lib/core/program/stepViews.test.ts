import { expect, it } from 'vitest'
import { generateProgram } from '../codegen/index'
import { defaultSpec } from '../spec/defaults'
import { startTestRun } from '../../../../tests/support/testRun'

const spec = { ...defaultSpec(), training: { batchSize: 32, epochs: 2, shuffle: true } }
const program = (style: 'keras' | 'torch', execution: 'eager' | 'static') =>
  generateProgram(spec, style, { lane: 'A', execution })

it.each(['keras', 'torch'] as const)('records one eager step of a %s program', async (style) => {
  const plain = await startTestRun(program(style, 'eager'))
  await plain.done
  const run = await startTestRun(program(style, 'eager'))
  const recorded = await run.lane.recordStep()
  await run.done
  expect(recorded.step).toBe(1)
  const phases = new Set(recorded.kernels.map(({ origin }) => origin.phase))
  expect([...phases]).toEqual(['forward', 'loss', 'backward', 'update'])
  const kinds = new Set(recorded.events.map(({ kind }) => kind))
  expect([...kinds]).toEqual(['run', 'consume', 'free'])
  expect(recorded.kernels.every(({ origin }) => origin.line > 0)).toBe(true)
  expect(run.series('loss')).toEqual(plain.series('loss'))
  await expect(run.lane.recordStep()).rejects.toThrow()
})

it.each(['keras', 'torch'] as const)(
  'looks into a static %s step, paused and after the end',
  async (style) => {
    const run = await startTestRun(program(style, 'static'), {
      execution: 'static',
      limit: { kind: 'steps', count: 3 },
    })
    await run.reaches('paused')
    const report = run.compiled.find(({ isTraining }) => isTraining)
    const graph = report?.stages.at(-1)?.graph
    if (!report || !graph) throw new Error('nothing was compiled')
    const inspected = { function: report.function, signature: report.signature, graph }
    const paused = await run.lane.inspect(inspected)
    expect(paused.step).toBe(3)
    expect(paused.nodes).toHaveLength(graph.nodes.length)
    expect(run.statuses.at(-1)).toBe('paused')
    run.lane.resume({ kind: 'none' })
    await run.done
    const ended = await run.lane.inspect(inspected)
    expect(ended.step).toBe(16)
    expect(ended.nodes).not.toEqual(paused.nodes)
    await expect(run.lane.inspect({ ...inspected, signature: 'none' })).rejects.toThrow(
      'expected a step to look into, got none: this graph has not run yet. Train a step first.',
    )
  },
)
