/** Indexing as programs write it, `x[0]` and `x[-1]`, and a word for those who write a method under its Python name. */
import { ArgumentError } from '../util/errors'

interface Indexable {
  select(dim: number, index: number): unknown
}

/** `masked_fill` -> `maskedFill` */
function inCamelCase(name: string): string {
  return name.replace(
    /([a-z0-9])_([a-z0-9])/g,
    (_, before: string, after: string) => before + after.toUpperCase(),
  )
}

/**
 * Makes every tensor answer to positions, by way of what JavaScript asks when nothing else knows a property: tensors pay
 * nothing for the properties that they have.
 */
export function makeIndexable(prototype: object): void {
  const fallback = new Proxy(Object.create(Object.prototype) as object, {
    get(target, name, receiver: Indexable): unknown {
      if (typeof name === 'symbol') return Reflect.get(target, name, receiver)
      if (/^-?\d+$/.test(name)) return receiver.select(0, Number(name))
      const renamed = inCamelCase(name)
      if (renamed !== name && renamed in receiver) {
        throw new ArgumentError(
          `tensor.${name}: expected the name in JavaScript's spelling, got Python's. Write ${renamed}.`,
        )
      }
      return Reflect.get(target, name, receiver)
    },
  })
  Object.setPrototypeOf(prototype, fallback)
}
