import { expect, it } from 'vitest'
import { drawOutline } from './drawOutline'
import type { GraphOutline } from './layoutProtocol'

const outline: GraphOutline = {
  frames: [
    { id: 'forward', parent: null },
    { id: 'dense', parent: 'forward' },
    { id: 'loss', parent: null },
  ],
  boxes: [
    { id: 'x', frame: 'forward', width: 44, height: 26 },
    { id: 'product', frame: 'dense', width: 84, height: 40 },
    { id: 'y', frame: 'dense', width: 84, height: 40 },
    { id: 'mean', frame: 'loss', width: 120, height: 40 },
  ],
  wires: [
    { id: 'x→product', from: 'x', to: 'product', labelWidth: 30 },
    { id: 'product→y', from: 'product', to: 'y', labelWidth: 30 },
    { id: 'y→mean', from: 'y', to: 'mean', labelWidth: 30 },
  ],
}

it('places every box inside its frame, in its size, and gives every wire a way', () => {
  const { places, routes } = drawOutline(outline)
  for (const { id, frame, width, height } of outline.boxes) {
    const [box, around] = [places.get(id), places.get(frame ?? '')]
    if (!box || !around) throw new Error(`expected places of ${id} and its frame`)
    expect([box.width, box.height]).toEqual([width, height])
    expect(box.x >= around.x && box.x + box.width <= around.x + around.width).toBe(true)
    expect(box.y >= around.y && box.y + box.height <= around.y + around.height).toBe(true)
  }
  expect([...routes.keys()]).toEqual(outline.wires.map(({ id }) => id))
  expect((places.get('x')?.y ?? 0) < (places.get('y')?.y ?? 0)).toBe(true)
})
