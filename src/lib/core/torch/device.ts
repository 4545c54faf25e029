/** Devices, as far as programs name them: all tensors of a lane are on its backend. Source: torch.device. */
import { integer, taking } from '../util/kinds'
import { describeValue } from '../util/describeValue'
import { ArgumentError } from '../util/errors'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../util/parameters'

/** `torch.device('cpu')`: names the lane's backend, whatever it is. */
export class Device {
  constructor(readonly type: string) {}

  toString(): string {
    return this.type
  }
}

const deviceParameters = parameters('device', {
  /** Its name, such as 'cpu'. */
  type: taking<string | Device>(
    'the name of a device',
    (value) => typeof value === 'string' || value instanceof Device,
    "Write torch.device('cpu').",
  ),
  index: integer.or(null).unused('there is one device'),
})

/** A device by its name. There is one only: the lane's backend. */
export function device(...given: Given<typeof deviceParameters.table>): Device {
  const { type } = deviceParameters.read(given)
  return type instanceof Device ? type : new Device(type)
}

/** Throws ArgumentError for a device that cannot be had, as PyTorch does without a GPU. */
export function assertDevice(where: string, given: readonly unknown[]): void {
  for (const each of given) {
    const type = each instanceof Device ? each.type : each
    if (typeof type === 'string' && /^(cpu|wasm|webgl|webgpu)(:0)?$/.test(type)) continue
    throw new ArgumentError(
      `${where}: expected the device 'cpu', got ${typeof type === 'string' ? `'${type}'` : describeValue(type, 60)}. Everything runs on the lane's backend: choose WebGPU or WebGL there.`,
    )
  }
}

/** `torch.cuda`: there is none. */
export const cuda = {
  /** False: there is none. */
  isAvailable(...given: NoArguments): boolean {
    assertNoArguments('cuda.isAvailable', given)
    return false
  },
}
