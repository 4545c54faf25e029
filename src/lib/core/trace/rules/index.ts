/** The rule of every tfjs kernel that a trace may meet, by kernel name. */
import type { Rule } from '../kernelCall'
import { convolutionRules } from './convolution'
import { elementwiseRules } from './elementwise'
import { indexingRules } from './indexing'
import { layoutRules } from './layout'
import { poolingRules } from './pooling'
import { productRules } from './products'
import { reductionRules } from './reductions'

/** The rule of each tfjs kernel. */
export const rules: Readonly<Record<string, Rule>> = {
  ...convolutionRules,
  ...elementwiseRules,
  ...indexingRules,
  ...layoutRules,
  ...poolingRules,
  ...productRules,
  ...reductionRules,
}
