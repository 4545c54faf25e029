import { expect, it } from 'vitest'
import type { CompiledReport } from '$lib/workers/protocol'
import { LaneGraphs } from './laneGraphs.svelte'

/** A report whose stages share a constant of that size. */
function reportWith(signature: string, bytes: number): CompiledReport {
  const data = new Uint8Array(bytes)
  const constant = { name: 'constant_1', dtype: 'bool', shape: [bytes], data } as const
  const graph = { name: 'f', inputs: [], constants: [constant], nodes: [], states: [], results: [] }
  const stages = [1, 2, 3].map(() => ({ name: 'trace', title: '', graph: { ...graph } }))
  const ms = { traceMs: 1, passesMs: 1, compileMs: 1 }
  return {
    function: 'f',
    signature,
    ...ms,
    stages,
    passes: [],
    backend: 'wasm',
    isTraining: true,
    peakValues: 1,
  }
}

it('keeps the graphs that were compiled last, as many as there is room for', () => {
  const graphs = new LaneGraphs()
  const kept = () => graphs.compiled.map(({ signature }) => signature)
  for (let index = 0; index < 50; index++) graphs.addCompiled(reportWith(String(index), 10))
  expect(kept()).toHaveLength(40)
  expect(kept().at(-1)).toBe('49')
  for (const name of ['a', 'b', 'c', 'd']) graphs.addCompiled(reportWith(name, 100 * 2 ** 20))
  expect(kept()).toEqual(['b', 'c', 'd'])
})
