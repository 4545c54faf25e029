/** Runs an example of an operator through the interpreter, on the backend in use. */
import { tf } from '../../src/lib/core/eager/tfjs'
import type { OpName } from '../../src/lib/core/graph/opNames'
import { interpret } from '../../src/lib/core/interpret/interpreter'
import { tensorTypes } from '../../src/lib/core/interpret/kernelCall'
import { graphOf, type Case } from './operatorCases'

/** The values of each output. */
export async function interpretCase(op: OpName, one: Case): Promise<number[][]> {
  const { graph, feeds } = graphOf(op, one)
  const tensors = new Map(
    [...feeds].map(([name, { values, shape, dtype }]) => [
      name,
      tf.tensor([...values], [...shape], tensorTypes[dtype]),
    ]),
  )
  const outputs = interpret(graph, tensors)
  const results = graph.results.map((name) => outputs.get(name)?.data() ?? Promise.resolve([]))
  const values = (await Promise.all(results)).map((data) => Array.from(data))
  for (const tensor of [...tensors.values(), ...outputs.values()]) tensor.dispose()
  return values
}
