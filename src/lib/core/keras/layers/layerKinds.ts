/** The kinds of values that layers take for what acts on their outputs and weights. */
import { only, taking } from '../../util/kinds'
import type { ActivationLike } from '../activations'
import type { InitializerLike } from '../initializers'
import { hasMethod } from '../kinds'
import type { RegularizerLike } from '../regularizers'

/** An activation by its name, a function of `activations`, or null for none. */
export const activation = taking<ActivationLike>(
  "the name of an activation such as 'relu'",
  (value) => value === null || typeof value === 'string' || typeof value === 'function',
)

/** An initializer, or its name. */
export const initializer = taking<InitializerLike>(
  "an initializer or its name, such as 'zeros'",
  (value) => typeof value === 'string' || hasMethod(value, 'values'),
)

/** A regularizer, its name, or a function of the weight. */
export const regularizer = taking<RegularizerLike>(
  'a regularizer such as regularizers.l2(0.01)',
  (value) => typeof value === 'string' || typeof value === 'function' || hasMethod(value, 'penalty'),
)

/** A constraint of weights. */
export const noConstraint = only(null, 'Leave it out: weights have no constraints here.')
