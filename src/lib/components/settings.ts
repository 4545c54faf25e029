/** Changes of the settings of layers and optimizers. */
import { optimizerFacts, optimizerRecords } from '$lib/core/catalogue/optimizers'
import type { SettingValue } from '$lib/core/catalogue/settings'
import type { OptimizerSpec, OptimizerType } from '$lib/core/spec/schema'

/** `values` with one setting changed, or with undefined left to its default. */
export function withSetting<S extends object>(values: S, key: string, value: SettingValue): S {
  const next = { ...values, [key]: value }
  if (value === undefined) Reflect.deleteProperty(next, key)
  return next
}

/** `optimizer` with one setting changed, and what has to change with it. */
export function withOptimizerSetting(
  optimizer: OptimizerSpec,
  key: string,
  value: SettingValue,
): OptimizerSpec {
  const changed = withSetting(optimizer, key, value)
  // The corrections are entries of the same optimizer.
  return { ...changed, ...optimizerFacts(changed).corrections(changed) } as OptimizerSpec
}

/**
 * Another optimizer with its own usual settings; the schedule stays, and the weight decay, except one that is of the
 * optimizer's own kind.
 */
export function switchedOptimizer(from: OptimizerSpec, type: OptimizerType): OptimizerSpec {
  const { schedule, weightDecay } = from
  const { fresh, isDecoupled } = optimizerRecords[type]
  const scheduled = schedule ? { ...fresh, schedule } : fresh
  return isDecoupled || optimizerFacts(from).isDecoupled ? scheduled : { ...scheduled, weightDecay }
}
