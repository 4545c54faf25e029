// Names that are not here are answered by what to write, also of objects that programs are given.
import * as torch from 'tandem/torch'

const { nn, optim, DataLoader, TensorDataset, lrScheduler } = torch
const x = torch.ones(2)
const model = new nn.Linear(2, 1)
const optimizer = new optim.SGD(model.parameters(), 0.1)
const wrong = {
  'x.max(dim).values': () => x.amax(0),
  'x.shape[0]': () => x.length,
  'x.lt(': () => x.less(1),
  'await x.tolist()': () => x.dataSync(),
  'x = x.abs(': () => x.abs_(),
  'JSON.stringify(await x.tolist())': () => JSON.stringify({ x }),
  requiresGrad: () => (x.requires_grad = true),
  'It has enableGrad': () => torch.einsum('i->', x),
  'It has ELU': () => nn.Conv3d,
  zeroGrad: () => model.zero_grad(),
  'Write the loop yourself': () => model.fit(x, x),
  'noGrad(() => model.forward(x))': () => model.predict(x),
  'module.requiresGrad_(false)': () => (model.requiresGrad = false),
  'Write parameters.': () => model.paramters(),
  'optimizer.paramGroups[0].lr': () => (optimizer.lr = 1),
  'Write lr.': () => optimizer.paramGroups[0].learningRate,
  'scheduler.getLastLr()': () => new lrScheduler.StepLR(optimizer, 1).lr,
  'for await (const [x, y] of loader)': () => new DataLoader(new TensorDataset(x)).forEach(() => undefined),
  'tensor.clone() for each': () => model.loadStateDict({ weight: {}, bias: {} }),
}
for (const [advice, write] of Object.entries(wrong)) {
  let error = new Error('nothing')
  try {
    write()
  } catch (thrown) {
    error = thrown
  }
  if (error.name !== 'ArgumentError' || !error.message.includes(advice))
    throw new Error(`${advice}: ${error.message}`)
}
