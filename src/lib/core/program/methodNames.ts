/** The methods that objects of both styles have, for a call of one that is mistyped. */
import * as keras from '../keras/index'
import * as torch from '../torch/index'

let known: readonly string[] | null = null

/** Their names, each once. */
export function methodNames(): readonly string[] {
  known ??= [...new Set([keras, keras.layers, torch, torch.nn, torch.optim].flatMap(methodsOfClasses))]
  return known
}

function methodsOfClasses(group: object): string[] {
  return Object.values(group).flatMap((each: unknown) => (typeof each === 'function' ? methodsOf(each) : []))
}

function methodsOf({ prototype }: { readonly prototype?: unknown }): string[] {
  const names: string[] = []
  for (
    let each = prototype;
    isObject(each) && each !== Object.prototype;
    each = Object.getPrototypeOf(each)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(each))) {
      if (typeof value === 'function' && name !== 'constructor') names.push(name)
    }
  }
  return names
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
