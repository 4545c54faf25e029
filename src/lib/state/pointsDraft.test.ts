import { describe, expect, it } from 'vitest'
import { adaptToData } from '$lib/core/spec/adaptToData'
import { defaultSpec } from '$lib/core/spec/defaults'
import { maxOwnPoints } from '$lib/core/catalogue/data/ownPoints'
import { editablePoints, PointsDraft } from './pointsDraft.svelte'

describe('PointsDraft', () => {
  it('places points in hundredths and within the square', () => {
    const draft = new PointsDraft([])
    expect(draft.add(0.123, -2, 1)).toBe(true)
    draft.add(-0.001, 0, 0)
    expect(draft.points).toEqual([
      [0.12, -1.25, 1],
      [0, 0, 0],
    ])
    expect(draft.problem).toBe('expected 2 points or more of class 0, got 1. Add some.')
  })

  it('says what is still to be placed', () => {
    const draft = new PointsDraft([])
    expect(draft.need).toBe('Needs 2 points or more of class 0 and class 1.')
    draft.replace([
      [0, 0, 0],
      [0, 1, 0],
      [1, 0, 1],
      [1, 1, 1],
    ])
    expect(draft.need).toBeNull()
    draft.add(-1, 0, 2)
    expect(draft.need).toBe('Needs 2 points or more of class 2.')
  })

  it('undoes and redoes one edit after another, until another edit', () => {
    const draft = new PointsDraft([])
    draft.add(0, 0, 0)
    draft.add(1, 1, 1)
    draft.undo()
    expect(draft.points).toEqual([[0, 0, 0]])
    draft.redo()
    expect(draft.points).toHaveLength(2)
    draft.replace([])
    draft.undo()
    expect(draft.points).toHaveLength(2)
    draft.add(0.5, 0.5, 0)
    expect(draft.canRedo).toBe(false)
    for (let count = 0; count < 5; count++) draft.undo()
    expect(draft.points).toEqual([])
    expect(draft.canUndo).toBe(false)
  })

  it('spaces the points of a stroke and undoes them together', () => {
    const draft = new PointsDraft([])
    draft.add(-1, -1, 0)
    draft.beginStroke()
    expect(draft.add(0, 0, 0)).toBe(true)
    expect(draft.add(0.02, 0, 0)).toBe(false)
    expect(draft.add(0.2, 0, 0)).toBe(true)
    draft.endStroke()
    expect(draft.points).toHaveLength(3)
    draft.undo()
    expect(draft.points).toEqual([[-1, -1, 0]])
  })

  it('erases the nearest point within reach', () => {
    const draft = new PointsDraft([
      [0, 0, 0],
      [0.1, 0, 1],
    ])
    expect(draft.eraseNear(0.5, 0.5, 0.1)).toBe(false)
    expect(draft.eraseNear(0.08, 0, 0.1)).toBe(true)
    expect(draft.points).toEqual([[0, 0, 0]])
    expect(new PointsDraft([]).eraseNear(0, 0, 9)).toBe(false)
  })

  it('takes no more points than a spec may have', () => {
    const draft = new PointsDraft(Array.from({ length: maxOwnPoints }, () => [0, 0, 0]))
    expect(draft.add(1, 1, 1)).toBe(false)
  })
})

describe('editablePoints', () => {
  const circle = defaultSpec()

  it('are those of a dataset with classes, its splits in proportion where it has too many', () => {
    expect(editablePoints(circle)).toHaveLength(500)
    const many = editablePoints({
      ...circle,
      data: { ...circle.data, kind: 'circle', samples: 4000, noise: 0 },
    })
    expect(many).toHaveLength(maxOwnPoints)
    expect(new PointsDraft(many ?? []).problem).toBeNull()
  })

  it('are none of numbers to predict, or of digits', () => {
    expect(editablePoints(adaptToData(circle, 'plane'))).toBeNull()
    expect(editablePoints(adaptToData(circle, 'digits'))).toBeNull()
  })

  it('are the own ones', () => {
    expect(editablePoints(adaptToData(circle, 'points'))).toHaveLength(12)
  })
})
