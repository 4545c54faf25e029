/** Indexing as programs write it, `x[0]` and `x[-1]`, and words for methods that other libraries have. */
import { answerWrongNames } from './wrongNames'

interface Indexable {
  select(dim: number, index: number): unknown
}

const readsBack = 'Write await x.tolist().'
const dependsOnValues =
  'Its size would depend on the values: keep all entries, and use torch.where or multiply by the mask.'
const oneBackend = 'Leave it out: everything is on the lane’s backend.'
const inPlace = 'Assign the result of the method without the underscore: x = x.relu().'

/** What to write instead. NumPy's, TensorFlow's, JavaScript's, and what PyTorch has beside. */
const instead: Readonly<Record<string, string>> = {
  astype: 'Write x.to(torch.float32).',
  type: 'Write x.to(torch.float32), or read x.dtype.',
  cast: 'Write x.to(torch.float32).',
  asType: 'Write x.to(torch.float32).',
  length: 'Write x.shape[0].',
  rank: 'Write x.ndim.',
  slice: 'Write x.narrow(dim, start, length).',
  map: 'Tensors compute all elements at once: write x.mul(2), not a function of each.',
  forEach: 'Go through the rows with for (const row of x).',
  filter: dependsOnValues,
  maskedSelect: dependsOnValues,
  nonzero: dependsOnValues,
  unique: dependsOnValues,
  array: readsBack,
  arraySync: readsBack,
  dataSync: readsBack,
  value: readsBack,
  values: readsBack,
  indices: readsBack,
  print: 'Write console.log(String(x)).',
  assign: 'Write x.copy_(y).',
  cuda: oneBackend,
  dispose: 'Leave it out: memory is freed by itself.',
  concat: 'Write torch.cat([x, y]).',
  concatenate: 'Write torch.cat([x, y]).',
  expandDims: 'Write x.unsqueeze(dim).',
  reduceSum: 'Write x.sum(dim).',
  reduceMean: 'Write x.mean(dim).',
  half: 'Leave it out: numbers are float32.',
  bfloat16: 'Leave it out: numbers are float32.',
  einsum: 'Write it with matmul, mul and sum.',
}

/** Makes every tensor answer to positions, and to wrong names with what to write. */
export function makeIndexable(prototype: object): void {
  answerWrongNames(prototype, {
    where: 'tensor',
    refuses: 'all',
    advice: (name, receiver) => {
      if (Object.hasOwn(instead, name)) return instead[name]
      const plain = name.endsWith('_') ? name.slice(0, -1) : ''
      return plain !== '' && plain in receiver ? inPlace.replace('relu', plain) : undefined
    },
    other: (name, receiver) =>
      /^-?\d+$/.test(name) ? (receiver as Indexable).select(0, Number(name)) : undefined,
  })
}
