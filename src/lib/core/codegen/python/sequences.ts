/** Sequences of different length in Python: batches of one length, as our planner makes them, in each framework's own classes. */
import type { Spec } from '../../spec/schema'
import { labelEncoding } from '../../spec/targets'
import { hasTestSplit } from '../data'
import { testBatchSize } from '../torch'
import { printPython } from './printPython'
import type { Files } from './sections'

type Part = 'train' | 'test'

function parts(spec: Spec): readonly Part[] {
  return hasTestSplit(spec) ? ['train', 'test'] : ['train']
}

/** Further names that a PyTorch program imports from `torch.utils.data`, in isort's order. */
export function torchSamplers(spec: Spec, { hasOrder }: Files): readonly string[] {
  const isRandom = spec.training.shuffle && !hasOrder
  const isGiven = !spec.training.shuffle || hasTestSplit(spec)
  return [...(isRandom ? ['RandomSampler'] : []), 'Sampler', ...(isGiven ? ['SequentialSampler'] : [])]
}

/** Definitions that a PyTorch program begins with. */
export function torchSequenceClasses(spec: Spec): readonly string[] {
  const labels = labelEncoding(spec) === 'index' ? 'torch.from_numpy(y).long()' : 'torch.from_numpy(y)'
  return [
    'class SameLength(Sampler):',
    '    """Batches of rows of one length: those of each length wait until they fill one."""',
    '',
    '    def __init__(self, sampler, lengths, batch_size):',
    '        self.sampler, self.lengths, self.batch_size = sampler, lengths, batch_size',
    '',
    '    def __iter__(self):',
    '        waiting = {}',
    '        for row in self.sampler:',
    '            rows = waiting.setdefault(self.lengths[row], [])',
    '            rows.append(row)',
    '            if len(rows) == self.batch_size:',
    '                yield waiting.pop(self.lengths[row])',
    '        yield from waiting.values()',
    '',
    '    def __len__(self):',
    '        counts = np.unique(self.lengths, return_counts=True)[1]',
    '        return int(np.ceil(counts / self.batch_size).sum())',
    '',
    '',
    'def sequences(x, y, lengths):',
    '    """Each sequence at its own length, with its label."""',
    `    tokens, labels = torch.from_numpy(x).long(), ${labels}`,
    '    return [(row[:n], label) for row, n, label in zip(tokens, lengths, labels)]',
  ]
}

/** The loaders of a PyTorch program. */
export function torchSequenceLoaders(spec: Spec, { hasOrder }: Files): readonly string[] {
  const { batchSize, shuffle } = spec.training
  const trainOrder = hasOrder ? 'RecordedOrder(data["order"])' : shuffle ? 'RandomSampler(train_set)' : null
  return parts(spec).flatMap((part) => {
    const order = (part === 'train' ? trainOrder : null) ?? `SequentialSampler(${part}_set)`
    const size = part === 'train' ? batchSize : testBatchSize
    return [
      `${part}_set = sequences(x_${part}, y_${part}, lengths_${part})`,
      printPython({
        callee: `${part}_loader = DataLoader`,
        positional: [`${part}_set`, `batch_sampler=SameLength(${order}, lengths_${part}, ${size})`],
      }),
    ]
  })
}

/** The class that a Keras program feeds `fit` with, and its objects. Epochs in an order of their own have theirs in `fit`. */
export function kerasSequenceBatches(spec: Spec, { hasOrder }: Files): readonly string[] {
  const { epochs, shuffle } = spec.training
  const drawn = `[np.random.permutation(len(x_train)) for _ in range(${epochs})]`
  const given = parts(spec).filter((part) => part === 'test' || !shuffle)
  return [
    ...kerasClass,
    '',
    '',
    ...(shuffle && !hasOrder ? [`np.random.seed(${spec.seed})`] : []),
    ...(shuffle ? [`orders = ${hasOrder ? 'data["order"]' : drawn}`] : []),
    ...given.map((part) => kerasBatches(spec, part, `range(len(x_${part}))`)),
  ]
}

function kerasBatches({ training: { batchSize } }: Spec, part: Part, order: string, indent = ''): string {
  return printPython({
    callee: `${part}_batches = SameLength`,
    positional: [`x_${part}`, `y_${part}`, `lengths_${part}`, String(batchSize), order],
    indent,
  })
}

/** `fit` on those batches. */
export function kerasSequenceFit(spec: Spec): readonly string[] {
  const { epochs, shuffle } = spec.training
  const tested = hasTestSplit(spec) ? ['validation_data=test_batches'] : []
  const last = ['shuffle=False', ...tested, 'verbose=2']
  if (!shuffle) {
    const positional = ['train_batches', `epochs=${epochs}`, ...last]
    return [printPython({ callee: 'model.fit', positional })]
  }
  const positional = ['train_batches', 'initial_epoch=epoch', 'epochs=epoch + 1', ...last]
  return [
    '# Each epoch in an order of its own.',
    'for epoch, order in enumerate(orders):',
    kerasBatches(spec, 'train', 'order', '    '),
    printPython({ callee: 'model.fit', positional, indent: '    ' }),
  ]
}

const kerasClass = [
  'class SameLength(keras.utils.PyDataset):',
  '    """Batches of sequences of one length: those of each wait until they fill one."""',
  '',
  '    def __init__(self, x, y, lengths, batch_size, order):',
  '        super().__init__()',
  '        self.x, self.y, self.lengths = x, y, lengths',
  '        self.batches, waiting = [], {}',
  '        for row in order:',
  '            rows = waiting.setdefault(self.lengths[row], [])',
  '            rows.append(row)',
  '            if len(rows) == batch_size:',
  '                self.batches.append(waiting.pop(self.lengths[row]))',
  '        self.batches += waiting.values()',
  '',
  '    def __len__(self):',
  '        return len(self.batches)',
  '',
  '    def __getitem__(self, index):',
  '        rows = self.batches[index]',
  '        return self.x[rows, : self.lengths[rows[0]]], self.y[rows]',
] as const
