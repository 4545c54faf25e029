/** Every layer, activation, loss, metric and optimizer of both styles, each in a model that trains. */
import { kerasCases } from './kerasCases'
import { torchCases } from './torchCases'
import type { TrainingCase } from './trainingCase'

/** The cases of both styles. */
export const trainingCases: readonly TrainingCase[] = [...kerasCases, ...torchCases]
