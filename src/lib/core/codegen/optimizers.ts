/** The optimizer's options in both styles. */
import { formulation, unless, type Options } from '../catalogue/calls'
import type { Dialect } from '../catalogue/dialect'
import { optimizerFacts, type OptimizerSpec } from '../catalogue/optimizers'
import type { Spec } from '../spec/schema'

/** The class, which is the same word in both frameworks. */
export function optimizerClass(optimizer: OptimizerSpec): string {
  return optimizerFacts(optimizer).label
}

/** Names the learning rate, and its source text where it is not the spec's number. */
export type RateOption = readonly [name: 'learningRate' | 'lr', source?: string | undefined]

/** All options of the optimizer's constructor. */
export function optimizerOptions(
  { optimizer }: Pick<Spec, 'optimizer'>,
  dialect: Dialect,
  [rate, source]: RateOption,
): Options {
  const facts = optimizerFacts(optimizer)
  return [
    [rate, source ?? String(optimizer.learningRate)],
    ...facts[dialect.style](optimizer, dialect),
    ...unless('weightDecay', optimizer.weightDecay, facts.defaultDecay[dialect.style]),
    ...(facts.hasTwoFormulations(optimizer) ? formulation(dialect) : []),
  ]
}
