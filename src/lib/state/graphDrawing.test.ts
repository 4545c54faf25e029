import type { Drawing } from '$lib/workers/layoutProtocol'
import { expect, it, vi } from 'vitest'
import { GraphDrawing } from './graphDrawing.svelte'

const asked: PromiseWithResolvers[] = []

interface PromiseWithResolvers {
  readonly resolve: (drawing: Drawing) => void
  readonly reject: (error: Error) => void
}

vi.mock('$lib/workers/layoutClient', () => ({
  LayoutClient: class {
    draw(): Promise<Drawing> {
      return new Promise((resolve, reject) => asked.push({ resolve, reject }))
    }
  },
}))

const outline = { frames: [], boxes: [], wires: [] }
const drawing: Drawing = { places: new Map(), routes: new Map() }

it('shows what was asked for last, and the one before until then', async () => {
  const drawn = new GraphDrawing<string>()
  const first = drawn.show('first', outline)
  expect(drawn.shown).toBeNull()
  asked[0]?.resolve(drawing)
  await first
  expect(drawn.shown?.subject).toBe('first')
  const second = drawn.show('second', outline)
  const third = drawn.show('third', outline)
  asked[2]?.resolve(drawing)
  asked[1]?.resolve(drawing)
  await Promise.all([second, third])
  expect(drawn.shown?.subject).toBe('third')
  const fourth = drawn.show('fourth', outline)
  asked[3]?.reject(new Error('no worker'))
  await fourth
  expect([drawn.shown?.subject, drawn.problem]).toEqual(['third', 'no worker'])
})
