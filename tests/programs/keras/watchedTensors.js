// Gradients with respect to a constant: null unwatched, and of intermediate results.
import { GradientTape, layers, ops, Sequential } from 'tandem/keras'

const x = ops.convertToTensor([3])
const unwatched = new GradientTape()
const square = unwatched.record(() => ops.multiply(x, x))
if (unwatched.gradient(square, x) !== null) throw new Error('a gradient of what was not watched')

const tape = new GradientTape({ persistent: true })
tape.watch(x)
const [y, z] = tape.record(() => {
  const y = ops.multiply(x, x)
  return [y, ops.multiply(y, y)]
})
const found = []
for (const [target, source] of [
  [y, x],
  [z, x],
  [z, y],
])
  found.push(await ops.item(tape.gradient(target, source)))
if (String(found) !== '6,108,18') throw new Error(String(found))

export const model = new Sequential([new layers.Dense(1)])
