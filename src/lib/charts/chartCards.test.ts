import { expect, it } from 'vitest'
import { chartCards, whyEmpty } from './chartCards'

it('whyEmpty: there is no accuracy in regression, and nothing else is missing', () => {
  const absent = (task: 'classification' | 'regression') =>
    chartCards.flatMap((card) => whyEmpty(card, task) ?? [])
  expect(absent('classification')).toEqual([])
  expect(absent('regression')).toEqual([
    'There is no accuracy in regression: the targets are numbers, not classes.',
  ])
})
