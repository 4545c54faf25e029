/** What PyTorch-style programs do around training steps. */
import * as torch from '../../src/lib/core/torch'
import { weightsOf, x, y, type How, type Scenario } from './executionScenario'

const { nn, optim } = torch

/** A model with its loss. */
export function torchModel() {
  const hidden = new nn.Linear(4, 6)
  const model = new nn.Sequential(hidden, new nn.Tanh(), new nn.BatchNorm1d(6), new nn.Linear(6, 2))
  return { hidden, model, criterion: new nn.MSELoss() }
}

/** Batches of 4, the last of 3. */
export async function eachBatch(
  run: (x: torch.Tensor, y: torch.Tensor) => void | Promise<void>,
): Promise<void> {
  for await (const [a, b] of new torch.DataLoader({ x, y }, { batchSize: 4 })) await run(a, b)
}

type Step = (a: torch.Tensor, b: torch.Tensor) => torch.Tensor

/** The step itself, or compiled. */
export function wrapped({ runEagerly, stepsPerExecution }: How, step: Step): Step {
  return runEagerly ? step : torch.compile(step, { stepsPerExecution })
}

/** PyTorch-style programs. */
export const torchScenarios: Record<string, Scenario> = {
  'two optimizers on parts of one model': async (how) => {
    const { hidden, model, criterion } = torchModel()
    const rest = model.parameters().filter((parameter) => !hidden.parameters().includes(parameter))
    const [first, second] = [
      new optim.Adam(hidden.parameters()),
      new optim.SGD(rest, { lr: 0.1, momentum: 0.9 }),
    ]
    const step = wrapped(how, (a, b) => {
      model.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      first.step()
      second.step()
      return loss
    })
    for (let epoch = 0; epoch < 2; epoch++) await eachBatch((a, b) => void step(a, b))
    return weightsOf(model)
  },
  'two steps that change different weights of one model in turn': async (how) => {
    const { hidden, model, criterion } = torchModel()
    const rest = model.parameters().filter((parameter) => !hidden.parameters().includes(parameter))
    const steps = [hidden.parameters(), rest].map((parameters) => {
      const optimizer = new optim.Adam(parameters, { lr: 0.05 })
      return wrapped(how, (a, b) => {
        model.zeroGrad()
        const loss = criterion.forward(model.forward(a), b)
        loss.backward()
        optimizer.step()
        return loss
      })
    })
    for (let epoch = 0; epoch < 2; epoch++) {
      await eachBatch((a, b) => {
        for (const step of steps) step(a, b)
      })
    }
    return weightsOf(model)
  },
  'a layer that is used twice': async (how) => {
    const shared = new nn.Linear(4, 4)
    const model = new nn.Sequential(shared, new nn.Tanh(), shared, new nn.Linear(4, 2))
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 })
    const criterion = new nn.MSELoss()
    const step = wrapped(how, (a, b) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      optimizer.step()
      return loss
    })
    for (let epoch = 0; epoch < 2; epoch++) await eachBatch((a, b) => void step(a, b))
    return weightsOf(model)
  },
  'a learning rate that changes at every step': async (how) => {
    const { model, criterion } = torchModel()
    const optimizer = new optim.AdamW(model.parameters(), { lr: 0.1 })
    const step = wrapped(how, (a, b) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      optimizer.step()
      return loss
    })
    await eachBatch((a, b) => {
      step(a, b)
      optimizer.paramGroups[0].lr *= 0.7
    })
    return weightsOf(model)
  },
  'evaluation mode between training steps': async (how) => {
    const { model, criterion } = torchModel()
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
    const train = wrapped(how, (a, b) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      optimizer.step()
      return loss
    })
    const test = wrapped(how, (a, b) => criterion.forward(model.forward(a), b))
    const losses: number[] = []
    for (let epoch = 0; epoch < 2; epoch++) {
      model.train()
      await eachBatch((a, b) => void train(a, b))
      model.eval()
      await torch.noGrad(() =>
        eachBatch(async (a, b) => {
          losses.push(await test(a, b).item())
        }),
      )
    }
    return { losses, ...(await weightsOf(model)) }
  },
  'weights read, and read again by an eager layer, between steps': async (how) => {
    const { model, criterion } = torchModel()
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 })
    const step = wrapped(how, (a, b) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      optimizer.step()
      return loss
    })
    const found: number[] = []
    await eachBatch(async (a, b) => {
      step(a, b)
      for (const { values } of (await model.weights()).weights) found.push(...values)
      model.eval()
      found.push(
        await torch
          .noGrad(() => model.forward(a))
          .sum()
          .item(),
      )
      model.train()
    })
    return { found }
  },
  'weights loaded between steps': async (how) => {
    const { model, criterion } = torchModel()
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 })
    const step = wrapped(how, (a, b) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      optimizer.step()
      return loss
    })
    const start = await model.weights()
    await eachBatch(async (a, b) => {
      await step(a, b).item()
      if (a.shape[0] === 3) model.loadStateDict(start)
    })
    await eachBatch((a, b) => void step(a, b))
    return weightsOf(model)
  },
}
