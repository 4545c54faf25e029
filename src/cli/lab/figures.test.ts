import { describe, expect, it } from 'vitest'
import type { LedgerReport, RunReport } from '../../lib/core/program/types'
import { RunFigures } from './figures'

function columns(tag: string, steps: number[], values: number[]) {
  return {
    tag,
    steps: Float64Array.from(steps),
    wallTimesMs: Float64Array.from(steps),
    values: Float64Array.from(values),
  }
}

function report(scalars: RunReport['scalars'], window?: { steps: number; msPerStep: number }): RunReport {
  const ledger = window as LedgerReport | undefined
  const told = ledger ? [columns('stepsPerSecond', [1], [1000 / ledger.msPerStep])] : []
  return {
    step: 1,
    epoch: 0,
    line: 1,
    lines: [],
    scalars: [...scalars, ...told],
    events: [],
    console: [],
    execution: 'eager' as const,
    droppedConsole: 0,
    ledger,
  }
}

describe('RunFigures', () => {
  it('gives losses and figures of epochs in the order of their steps', () => {
    const figures = new RunFigures()
    const events = figures.add(
      report([
        columns('gradientNorm', [1], [9]),
        columns('epoch', [2], [1]),
        columns('epoch/valLoss', [2], [0.5]),
        columns('loss', [1, 2, 3], [3, 2, NaN]),
      ]),
    )
    expect(events).toEqual([
      { step: 1, tag: 'loss', value: 3 },
      { step: 2, tag: 'loss', value: 2 },
      { step: 2, tag: 'epoch/valLoss', value: 0.5 },
      { step: 3, tag: 'loss', value: null },
    ])
  })

  it('sums up the last loss, the last epoch and the time of a step', () => {
    const figures = new RunFigures()
    figures.add(
      report([columns('loss', [1], [3]), columns('epoch/valLoss', [1], [7])], { steps: 5, msPerStep: 9 }),
    )
    expect(figures.summary(1).microsecondsPerStep).toBe(9000)
    figures.add(report([columns('loss', [2], [2])], { steps: 10, msPerStep: 2 }))
    figures.add(report([columns('epoch/loss', [3], [1])], { steps: 30, msPerStep: 1 }))
    expect(figures.summary(3)).toEqual({
      steps: 3,
      loss: 2,
      metrics: { loss: 1 },
      // without the first window
      microsecondsPerStep: 1250,
      traceMs: null,
      compileMs: null,
      nodes: null,
    })
  })
})
