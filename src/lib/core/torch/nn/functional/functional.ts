/** How the functions of `nn.functional` take their arguments. */
import type { Given, ParameterTable, Values } from '../../../util/parameters'
import { torchFunction } from '../../tensorOp'

/** The function `F.name`, as its errors call it. */
export function functional<Table extends ParameterTable, Result>(
  name: string,
  table: Table,
  compute: (values: Values<Table>) => Result,
): (...given: Given<Table>) => Result {
  return torchFunction(`F.${name}`, table, compute)
}
