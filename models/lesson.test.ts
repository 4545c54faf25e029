import { expect, it } from 'vitest'
import { presets } from '.'
import { parseLesson } from './lesson'

it('a lesson that asks about speed takes turns, which alone is fair', () => {
  const asking = presets.filter(({ lesson }) => lesson.outcome.measure === 'speedRatio')
  expect(asking.map(({ name, lesson }) => [name, lesson.schedule])).toEqual([
    ['digits-mlp', 'turns'],
    ['first-token', 'turns'],
  ])
})

it('parseLesson: a schedule is optional and one of the two', () => {
  const lesson = presets[0]?.lesson
  expect(parseLesson(lesson).schedule).toBeUndefined()
  expect(parseLesson({ ...lesson, schedule: 'race' }).schedule).toBe('race')
  expect(() => parseLesson({ ...lesson, schedule: 'relay' })).toThrow('relay')
})

it('parseLesson: executions are optional, one for each lane', () => {
  const lesson = presets[0]?.lesson
  expect(parseLesson({ ...lesson, executions: ['static', 'eager'] }).executions).toEqual(['static', 'eager'])
  expect(() => parseLesson({ ...lesson, executions: ['static'] })).toThrow('Invalid')
})
