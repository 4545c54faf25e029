import { layerRecords, layerTypes } from '$lib/core/catalogue/layers'
import { optimizerRecords, optimizerTypes } from '$lib/core/catalogue/optimizers'
import { rateScheduleRecords, rateScheduleTypes } from '$lib/core/catalogue/rateSchedules'
import { parseSpec } from '$lib/core/spec/parse'
import { defaultSpec } from '$lib/core/spec/defaults'
import { describe, expect, it } from 'vitest'
import { withRateSchedule } from './rateScheduleSettings'
import { switchedOptimizer, withOptimizerSetting, withSetting } from './settings'

const freshOptimizers = optimizerTypes.map((type) => optimizerRecords[type].fresh)
const records = [
  ...layerTypes.map((type) => layerRecords[type]),
  ...optimizerTypes.map((type) => optimizerRecords[type]),
]

const circle = defaultSpec()

describe('settings', () => {
  it.each(freshOptimizers)('the fresh $type is what the schema fills in', (optimizer) => {
    const { type, learningRate } = optimizer
    expect(parseSpec({ ...circle, optimizer: { type, learningRate } }).optimizer).toEqual(optimizer)
  })

  it.each(records)(
    'every entry of $type that is not left to the framework has a field, and the others can be emptied',
    ({ fresh, settings }) => {
      const entries = Object.keys(fresh).filter((key) => key !== 'type' && key !== 'learningRate')
      const emptiable = settings.filter((field) => field.kind === 'number' && field.placeholder)
      expect(settings.map(({ key }) => key)).toEqual(expect.arrayContaining(entries))
      expect(settings.length).toBe(entries.length + emptiable.length)
    },
  )

  it('a pooling layer moves by its pool size unless told otherwise', () => {
    const strides = layerRecords.averagePooling2d.settings.find(({ key }) => key === 'strides')
    expect(strides?.kind === 'number' && strides.placeholder?.({ poolSize: 3 })).toBe('3')
  })

  it('changes one entry, or leaves it to its default', () => {
    const changed = withSetting(layerRecords.batchNormalization.fresh, 'momentum', 0.9)
    expect(changed).toEqual({ type: 'batchNormalization', momentum: 0.9 })
    expect(Object.keys(withSetting(changed, 'momentum', undefined))).toEqual(['type'])
  })

  it('Nesterov goes with the momentum', () => {
    const { optimizer } = parseSpec({
      ...circle,
      optimizer: { type: 'sgd', learningRate: 1, momentum: 0.9, nesterov: true },
    })
    expect(withOptimizerSetting(optimizer, 'momentum', 0.5)).toMatchObject({ momentum: 0.5, nesterov: true })
    expect(withOptimizerSetting(optimizer, 'momentum', 0)).toMatchObject({ momentum: 0, nesterov: false })
  })

  it('another optimizer takes the weight decay along, except to and from AdamW', () => {
    const decaying = { ...optimizerRecords.sgd.fresh, weightDecay: 0.1 }
    expect(switchedOptimizer(decaying, 'rmsprop')).toEqual({
      ...optimizerRecords.rmsprop.fresh,
      weightDecay: 0.1,
    })
    expect(switchedOptimizer(decaying, 'adamw')).toEqual(optimizerRecords.adamw.fresh)
    expect(switchedOptimizer(optimizerRecords.adamw.fresh, 'adam')).toEqual(optimizerRecords.adam.fresh)
  })

  it('another optimizer takes the schedule along', () => {
    const schedule = rateScheduleRecords.cosineDecay.fresh
    const scheduled = withRateSchedule(optimizerRecords.sgd.fresh, schedule)
    expect(switchedOptimizer(scheduled, 'adamw')).toEqual({ ...optimizerRecords.adamw.fresh, schedule })
    expect(withRateSchedule(scheduled, null)).toEqual(optimizerRecords.sgd.fresh)
  })

  it.each(rateScheduleTypes.map((type) => rateScheduleRecords[type].fresh))(
    'the fresh $type is what the schema takes, and has its fields',
    (schedule) => {
      const optimizer = { ...optimizerRecords.sgd.fresh, schedule }
      expect(parseSpec({ ...circle, optimizer }).optimizer.schedule).toEqual(schedule)
      const fields = rateScheduleRecords[schedule.type].settings.map(({ key }) => key)
      expect(['type', 'boundaries', ...fields]).toEqual(expect.arrayContaining(Object.keys(schedule)))
    },
  )
})
