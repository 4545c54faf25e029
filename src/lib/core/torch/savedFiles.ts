/** `torch.save` and `torch.load`. There is no disk in a browser: what is saved lasts as long as the run. */
import { tf } from '../eager/tfjs'
import { anything, flag, integer, taking } from '../util/kinds'
import { ArgumentError } from '../util/errors'
import { parameters, type Given } from '../util/parameters'
import { isPlainObject } from '../util/plainObject'
import { Tensor } from './tensor'

const files = new Map<string, unknown>()

const path = taking<string>(
  'a path',
  (value) => typeof value === 'string',
  "Write torch.save(model.stateDict(), 'model.pt').",
)
const pickled = 'values are kept as they are'

const saveParameters = parameters('save', {
  /** What is kept, with copies of all tensors in it. */
  obj: anything<unknown>('what to save'),
  /** The path that it is loaded from. */
  f: path,
  pickleModule: anything<unknown>().or(null).unused(pickled),
  pickleProtocol: integer.or(2).unused(pickled),
})

/**
 * Keeps a value under a path, with copies of all tensors in it: a state dict, or an object such as
 * `{ epoch, model: model.stateDict(), optimizer: optimizer.stateDict() }`.
 */
export function save(...given: Given<typeof saveParameters.table>): void {
  const { obj: value, f: name } = saveParameters.read(given)
  const before = files.get(name)
  // A variable belongs to no scope and is freed with the run.
  files.set(
    name,
    copied(value, (tensor) => new Tensor(tf.variable(tensor.value, false))),
  )
  // Only now: what replaces it may have been loaded from it.
  dispose(before)
}

/** Frees what was saved: a run begins without files. */
export function forgetFiles(): void {
  for (const value of files.values()) dispose(value)
  files.clear()
}

const loadParameters = parameters('load', {
  /** The path that it was saved under. */
  f: path,
  mapLocation: anything<unknown>().or(null).unused("all tensors are on the lane's backend"),
  pickleModule: anything<unknown>().or(null).unused(pickled),
  weightsOnly: flag.named.or(null).unused(pickled),
  mmap: flag.named.or(null).unused(pickled),
})

/** A copy of what was saved under the path. Throws ArgumentError where nothing was. */
export function load(...given: Given<typeof loadParameters.table>): Readonly<Record<string, never>> {
  const { f: name } = loadParameters.read(given)
  const value = files.get(name)
  if (value !== undefined && isAlive(value)) {
    return copied(value, (tensor) => new Tensor(tf.clone(tensor.value))) as Readonly<Record<string, never>>
  }
  const known = [...files].flatMap(([saved, each]) => (isAlive(each) ? [`'${saved}'`] : []))
  throw new ArgumentError(
    `load: expected ${known.length > 0 ? `one of ${known.join(', ')}` : 'something that was saved before'}, got '${name}'. ` +
      'Save under that path first; it lasts as long as the run.',
  )
}

function copied(value: unknown, copy: (tensor: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return copy(value)
  if (Array.isArray(value)) return value.map((entry) => copied(entry, copy))
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, copied(entry, copy)]))
}

function dispose(value: unknown): void {
  copied(value, (tensor) => {
    if (!tensor.isFreed) tensor.value.dispose()
    return tensor
  })
}

/** Whether no tensor in it was freed with an earlier run. */
function isAlive(value: unknown): boolean {
  if (value instanceof Tensor) return !value.isFreed
  if (Array.isArray(value)) return value.every(isAlive)
  return !isPlainObject(value) || Object.values(value).every(isAlive)
}
