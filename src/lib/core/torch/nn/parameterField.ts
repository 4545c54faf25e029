/** The fields of a module that hold parameters: a tensor in their place would no longer be learned, without a word. */
import { describeValue } from '../../util/describeValue'
import { ArgumentError } from '../../util/errors'
import { Parameter } from '../parameter'

/** From now on the fields of `module` that hold a parameter take parameters only, or null. Source: torch.nn.Module.__setattr__. */
export function keepParameters(module: object): void {
  for (const [name, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(module))) {
    if (writable && value instanceof Parameter) keepParameter(module, name, value)
  }
}

function keepParameter(module: object, name: string, parameter: Parameter): void {
  let current: Parameter | null = parameter
  Object.defineProperty(module, name, {
    enumerable: true,
    configurable: true,
    get: () => current,
    set: (value: unknown) => {
      if (value !== null && value !== undefined && !(value instanceof Parameter)) {
        throw new ArgumentError(
          `${module.constructor.name}.${name}: expected a parameter or null, got ${describeValue(value, 60)}, which would ` +
            'not be learned. Write new nn.Parameter(values), or noGrad(() => { parameter.copy_(values) }) for its values.',
        )
      }
      current = value ?? null
    },
  })
}
