import { parseSpec } from '$lib/core/spec/parse'
import { defaultSpec } from '$lib/core/spec/defaults'
import { describe, expect, it } from 'vitest'
import { freshRateSchedules, rateScheduleSettings, withRateSchedule } from './rateScheduleSettings'
import {
  consistent,
  freshLayers,
  freshOptimizers,
  layerSettings,
  optimizerSettings,
  switchedOptimizer,
  withSetting,
} from './settings'

const circle = defaultSpec()

describe('settings', () => {
  it.each(Object.values(freshOptimizers))('the fresh $type is what the schema fills in', (optimizer) => {
    const { type, learningRate } = optimizer
    expect(parseSpec({ ...circle, optimizer: { type, learningRate } }).optimizer).toEqual(optimizer)
  })

  it.each([...Object.values(freshOptimizers), ...Object.values(freshLayers)])(
    'every entry of $type that is not left to the framework has a field, and the others can be emptied',
    (values) => {
      const fields = { ...layerSettings, ...optimizerSettings }[values.type]
      const entries = Object.keys(values).filter((key) => key !== 'type' && key !== 'learningRate')
      const emptiable = fields.filter((field) => field.kind === 'number' && field.placeholder)
      expect(fields.map(({ key }) => key)).toEqual(expect.arrayContaining(entries))
      expect(fields.length).toBe(entries.length + emptiable.length)
    },
  )

  it('a pooling layer moves by its pool size unless told otherwise', () => {
    const strides = layerSettings.averagePooling2d.find(({ key }) => key === 'strides')
    expect(strides?.kind === 'number' && strides.placeholder?.({ poolSize: 3 })).toBe('3')
  })

  it('changes one entry, or leaves it to its default', () => {
    const changed = withSetting(freshLayers.batchNormalization, 'momentum', 0.9)
    expect(changed).toEqual({ type: 'batchNormalization', momentum: 0.9 })
    expect(Object.keys(withSetting(changed, 'momentum', undefined))).toEqual(['type'])
  })

  it('Nesterov goes with the momentum', () => {
    const { optimizer } = parseSpec({
      ...circle,
      optimizer: { type: 'sgd', learningRate: 1, momentum: 0.9, nesterov: true },
    })
    expect(consistent(optimizer)).toBe(optimizer)
    expect(consistent(withSetting(optimizer, 'momentum', 0))).toMatchObject({ momentum: 0, nesterov: false })
  })

  it('another optimizer takes the weight decay along, except to and from AdamW', () => {
    const decaying = { ...freshOptimizers.sgd, weightDecay: 0.1 }
    expect(switchedOptimizer(decaying, 'rmsprop')).toEqual({ ...freshOptimizers.rmsprop, weightDecay: 0.1 })
    expect(switchedOptimizer(decaying, 'adamw')).toEqual(freshOptimizers.adamw)
    expect(switchedOptimizer(freshOptimizers.adamw, 'adam')).toEqual(freshOptimizers.adam)
  })

  it('another optimizer takes the schedule along', () => {
    const schedule = freshRateSchedules.cosineDecay
    const scheduled = withRateSchedule(freshOptimizers.sgd, schedule)
    expect(switchedOptimizer(scheduled, 'adamw')).toEqual({ ...freshOptimizers.adamw, schedule })
    expect(withRateSchedule(scheduled, null)).toEqual(freshOptimizers.sgd)
  })

  it.each(Object.values(freshRateSchedules))(
    'the fresh $type is what the schema takes, and has its fields',
    (schedule) => {
      const optimizer = { ...freshOptimizers.sgd, schedule }
      expect(parseSpec({ ...circle, optimizer }).optimizer.schedule).toEqual(schedule)
      const fields = rateScheduleSettings[schedule.type].map(({ key }) => key)
      expect(['type', 'boundaries', ...fields]).toEqual(expect.arrayContaining(Object.keys(schedule)))
    },
  )
})
