/** `torch.save` and `torch.load`. There is no disk in a browser: what is saved lasts as long as the run. */
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { isPlainObject } from '../util/plainObject'
import { Tensor } from './tensor'

const files = new Map<string, unknown>()

/**
 * Keeps a value under a path, with copies of all tensors in it: a state dict, or an object such as
 * `{ epoch, model: model.stateDict(), optimizer: optimizer.stateDict() }`.
 */
export function save(value: unknown, path: string): void {
  if (typeof path !== 'string') {
    throw new ArgumentError(
      `save: expected a path, got ${typeof path}. Write torch.save(model.stateDict(), 'model.pt').`,
    )
  }
  const before = files.get(path)
  // A variable belongs to no scope and is freed with the run.
  files.set(
    path,
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

/** A copy of what was saved under the path. Throws ArgumentError where nothing was. */
export function load(path: string): Readonly<Record<string, never>> {
  const value = files.get(path)
  if (value !== undefined && isAlive(value)) {
    return copied(value, (tensor) => new Tensor(tf.clone(tensor.value))) as Readonly<Record<string, never>>
  }
  const known = [...files].flatMap(([name, each]) => (isAlive(each) ? [`'${name}'`] : []))
  throw new ArgumentError(
    `load: expected ${known.length > 0 ? `one of ${known.join(', ')}` : 'something that was saved before'}, got '${path}'. ` +
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
