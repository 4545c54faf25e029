import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../../eager/backends'
import { manualSeed, nn, ones, tensor, zeros } from '../index'

beforeAll(() => initialiseBackend('cpu'))

const weight = () => new nn.Parameter(zeros(2, 3))
const indices = (...values: number[]) => tensor(values, { dtype: 'int32' })

it.each<[() => unknown, string]>([
  [() => new nn.Linear(2, 3, { biased: false }), 'Linear: expected the option bias, got biased. Write bias.'],
  [
    () => new nn.Conv2d(1, 1, 3, { groups: 2 }),
    'Conv2d: expected groups to be 1, got 2. Leave it out: other convolutions cannot be trained here.',
  ],
  [() => new nn.LSTM(2, 0), 'LSTM: expected hiddenSize to be a whole number of at least 1, got 0.'],
  [
    () => new nn.Conv1d(2, 1, 3).forward(zeros(4, 5, 2)),
    'Conv1d: expected input [n, 2, l], got [4, 5, 2]. Sequences have their channels first here: use .transpose(1, 2) behind an embedding.',
  ],
  [
    () => new nn.Conv1d(2, 1, 5, { padding: 1 }).forward(zeros(4, 2, 2)),
    'Conv1d: expected a sequence of at least 3 steps for a kernel of 5, got 2. Use a smaller kernel or padding.',
  ],
  [
    () => new nn.MaxPool1d(3).forward(zeros(4, 2, 2)),
    'MaxPool1d: expected a sequence of at least 3 steps for a kernel of 3, got 2.',
  ],
  [
    () => new nn.AvgPool1d(2, { stride: 0 }),
    'AvgPool1d: expected stride to be a whole number of at least 1, got 0.',
  ],
  [
    () => new nn.LSTMCell(2, 3).forward(zeros(4, 2), [zeros(5, 3), zeros(4, 3)]),
    'LSTMCell: expected a state [4, 3], got [5, 3]. Leave it out to start from zeros.',
  ],
  [
    () => new nn.GRUCell(2, 3).forward(zeros(4, 5, 2)),
    'GRUCell: expected input [batch, 2] or [2], got [4, 5, 2]. Give it one step of a sequence, such as x.select(1, t).',
  ],
  [
    () => new nn.RNNCell(2, 3, { nonlinearity: 'sin' as never }),
    "RNNCell: expected nonlinearity to be 'tanh' or 'relu', got sin.",
  ],
  [
    () => new nn.LSTM(2, 3, { formulation: 'jax' as never }),
    "LSTM: expected formulation to be 'keras' or 'torch', got jax.",
  ],
  [
    () => new nn.RNN(2, 3, { nonlinearity: 'sin' as never }),
    "RNN: expected nonlinearity to be 'tanh' or 'relu', got sin.",
  ],
  [
    () => new nn.GRU(2, 3).forward(zeros(4, 5, 3)),
    'GRU: expected input [time, batch, 2] or [time, 2], got [4, 5, 3].',
  ],
  [
    () => new nn.GRU(2, 3, { batchFirst: true }).forward(zeros(4, 3)),
    'GRU: expected input [batch, time, 2] or [time, 2], got [4, 3].',
  ],
  [
    () => new nn.LSTM(2, 3).forward(zeros(4, 5, 2), [zeros(1, 5, 3), zeros(1, 4, 3)]),
    'LSTM: expected a first state [1, 5, 3], got [1, 4, 3]. Leave it out to start from zeros.',
  ],
  [
    () => new nn.MaxPool2d(2, { padding: 2 }).forward(zeros(1, 1, 4, 4)),
    'MaxPool2d: expected a padding of at most half of the kernel, got [2, 2] for [2, 2].',
  ],
  [
    () => new nn.AdaptiveAvgPool2d(0),
    'AdaptiveAvgPool2d: expected outputSize to be a whole number of at least 1, or two of them, [height, width], where null keeps a size, got 0.',
  ],
  [
    () => new nn.Embedding(3, 2, { paddingIdx: 3 }),
    'Embedding, paddingIdx: expected a dim from -3 to 2, got 3.',
  ],
  [
    () => new nn.NLLLoss().forward(zeros(2, 3), zeros(2, 1)),
    'NLLLoss: expected log-probabilities [n, classes] and targets int32 [n], got [2, 3] and float32 [2, 1].',
  ],
  [
    () => new nn.CrossEntropyLoss({ weight: ones(2) }).forward(zeros(1, 3), indices(0)),
    'CrossEntropyLoss: expected a weight for each of the 3 classes, got [2].',
  ],
  [
    () => new nn.CrossEntropyLoss({ labelSmoothing: 2 }).forward(zeros(1, 3), indices(0)),
    'CrossEntropyLoss: expected labelSmoothing to be a number from 0 to 1, got 2.',
  ],
  [
    () => new nn.ModuleList().forward(),
    'ModuleList: expected a call of one of its modules, got a call of the list.',
  ],
  [
    () => nn.init.xavierUniform_(new nn.Parameter(zeros(3))),
    'xavierUniform_: expected a weight of two axes or more, got shape [3].',
  ],
  [
    () => nn.init.kaimingNormal_(weight(), { mode: 'both' as never }),
    "kaimingNormal_: expected mode to be one of 'fanIn', 'fanOut', got both.",
  ],
  [() => nn.init.eye_(new nn.Parameter(zeros(3))), 'eye_: expected a matrix, got shape [3].'],
  [() => nn.init.truncNormal_(weight(), { a: 1, b: 0 }), 'truncNormal_: expected a below b'],
  [
    () => nn.utils.clipGradNorm([weight()], 0),
    'clipGradNorm: expected maxNorm to be a number above 0, got 0. Use a number such as 1.',
  ],
])('%#', (run, message) => {
  expect(run).toThrow(message)
})

it('orthogonal_ makes rows, or columns, orthonormal', async () => {
  const wide = new nn.Parameter(zeros(3, 5))
  const tall = new nn.Parameter(zeros(5, 3))
  nn.init.orthogonal_(wide)
  nn.init.orthogonal_(tall, { gain: 2 })
  const products = [wide.matmul(wide.t()), tall.t().matmul(tall).div(4)]
  for (const product of products) {
    const { values } = await product.toNdArray()
    values.forEach((value, index) => expect(value).toBeCloseTo(index % 4 === 0 ? 1 : 0, 5))
  }
})

it('recurrent layers start from a given state, and go on from the one they end in', async () => {
  manualSeed(2)
  const layer = new nn.LSTM(2, 3, { bidirectional: false, numLayers: 2 })
  const x = tensor([[[1, -1]], [[0.5, 2]], [[-1, 0.3]]])
  const [whole, [hidden]] = layer.forward(x)
  const [, between] = layer.forward(x.narrow(0, 0, 2))
  const [rest, [last]] = layer.forward(x.narrow(0, 2, 1), between)
  const close = async (a: { toNdArray(): Promise<{ values: ArrayLike<number> }> }, b: typeof a) => {
    const [left, right] = [(await a.toNdArray()).values, (await b.toNdArray()).values]
    Array.from(left).forEach((value, index) => expect(value).toBeCloseTo(right[index] ?? NaN, 6))
  }
  await close(rest, whole.narrow(0, 2, 1))
  await close(last, hidden)
})
