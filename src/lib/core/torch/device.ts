/** Devices, as far as programs name them: all tensors of a lane are on its backend. Source: torch.device. */
import { ArgumentError } from '../util/errors'

/** `torch.device('cpu')`: names the lane's backend, whatever it is. */
export class Device {
  constructor(readonly type: string) {}

  toString(): string {
    return this.type
  }
}

/** A device by its name. There is one only: the lane's backend. */
export function device(type: string | Device): Device {
  return type instanceof Device ? type : new Device(type)
}

/** Throws ArgumentError for a device that cannot be had, as PyTorch does without a GPU. */
export function assertDevice(where: string, given: readonly unknown[]): void {
  for (const each of given) {
    const type = String(each instanceof Device ? each.type : each)
    if (!type.startsWith('cuda') && !type.startsWith('mps')) continue
    throw new ArgumentError(
      `${where}: expected the device 'cpu', got '${type}'. Everything runs on the lane's backend: choose WebGPU or WebGL there.`,
    )
  }
}

/** `torch.cuda`: there is none. */
export const cuda = { isAvailable: (): boolean => false }
