/** Cases of every kernel that has a rule. */
import { elementwiseCases } from './elementwiseCases'
import type { KernelCase } from './kernelCase'
import { layoutCases } from './layoutCases'
import { productCases } from './productCases'

export const kernelCases: readonly KernelCase[] = [...elementwiseCases, ...layoutCases, ...productCases]
