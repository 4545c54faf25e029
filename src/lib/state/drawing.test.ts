import { expect, it } from 'vitest'
import { Drawing } from './drawing.svelte'

it('grows a stroke while the pen is down only', () => {
  const drawing = new Drawing()
  drawing.extend(0.5, 0.5)
  expect(drawing.isEmpty).toBe(true)
  drawing.begin(0.1, 0.2)
  drawing.extend(0.3, 0.4)
  drawing.end()
  drawing.extend(0.9, 0.9)
  expect(drawing.strokes).toEqual([[0.1, 0.2, 0.3, 0.4]])
  expect(drawing.pixels.some((ink) => ink > 0)).toBe(true)
})

it('takes back strokes one by one, and a clearing as a whole', () => {
  const drawing = new Drawing()
  drawing.begin(0.1, 0.1)
  drawing.begin(0.2, 0.2)
  drawing.clear()
  expect([drawing.isEmpty, drawing.isPenDown, drawing.canUndo]).toEqual([true, false, true])
  drawing.undo()
  expect(drawing.strokes).toEqual([
    [0.1, 0.1],
    [0.2, 0.2],
  ])
  drawing.undo()
  expect(drawing.strokes).toEqual([[0.1, 0.1]])
  drawing.undo()
  expect(drawing.canUndo).toBe(false)
  expect(drawing.pixels.every((ink) => ink === 0)).toBe(true)
})
