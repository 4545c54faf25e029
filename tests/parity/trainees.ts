/** Models in training through the styles' own interfaces, eagerly or compiled. */
import type { Split } from '../../src/lib/core/data/types'
import { readBack } from '../../src/lib/core/eager/readBack'
import type { tf } from '../../src/lib/core/eager/tfjs'
import { currentRun } from '../../src/lib/core/events/currentRun'
import * as keras from '../../src/lib/core/keras'
import type { Loss } from '../../src/lib/core/keras/loss'
import type { ModelWeights } from '../../src/lib/core/nn/weights'
import * as torch from '../../src/lib/core/torch'
import type { Shape } from '../../src/lib/core/util/shapes'

/** How steps are taken. */
export interface Execution {
  readonly isCompiled: boolean
  readonly stepsPerExecution?: number
}

export interface Passes extends Execution {
  readonly batchSize: number
  readonly epochs: number
}

/** A model, its loss and its optimizer. */
export interface Trainee {
  /** Trains in the order of the data, logs the loss of every step; gives figures of the epochs by name. */
  train(data: Split, passes: Passes): Promise<Readonly<Record<string, readonly number[]>>>
  weights(): Promise<ModelWeights>
  /** Variables of the optimizer. */
  slots(): readonly tf.Variable[]
  setLearningRate(learningRate: number): void
  /** Frees the weights and the slots. */
  dispose(): void
}

export interface KerasModel {
  readonly inputShape: Shape
  readonly layers: () => readonly keras.layers.Layer[]
  /** Instead of layers one after the other. */
  readonly model?: () => keras.Model
  readonly loss: Loss | string
  readonly optimizer: () => keras.Optimizer
  readonly metrics?: readonly string[]
}

export function kerasTrainee({
  inputShape,
  layers,
  loss,
  optimizer: make,
  metrics = [],
  model: makeModel,
}: KerasModel): Trainee {
  const model = makeModel?.() ?? new keras.Sequential([keras.Input({ shape: inputShape }), ...layers()])
  const optimizer = make()
  return {
    async train({ x, y }, { batchSize, epochs, isCompiled, stepsPerExecution = 1 }) {
      model.compile({ optimizer, loss, metrics, runEagerly: !isCompiled, stepsPerExecution })
      const { history } = await model.fit(x, y, { batchSize, epochs, shuffle: false })
      return history
    },
    weights: () => model.weights(),
    slots: () => optimizer.slots(),
    setLearningRate: (learningRate) => (optimizer.learningRate = learningRate),
    dispose: () => model.dispose(),
  }
}

export interface TorchModel {
  readonly modules: () => readonly torch.nn.Module<unknown>[]
  readonly criterion: () => torch.nn.Module
  readonly optimizer: (parameters: torch.nn.Parameter[]) => torch.optim.Optimizer
  /** Changes the learning rates after every step, outside of what is compiled. */
  readonly scheduler?: (optimizer: torch.optim.Optimizer) => { step(): void }
  /** What is done to the gradients before they are used. */
  readonly clip?: (parameters: torch.nn.Parameter[]) => void
  /** Figures of a batch beside its loss, from its outputs and labels. */
  readonly figures?: (outputs: torch.Tensor, y: torch.Tensor) => Readonly<Record<string, torch.Tensor>>
}

export function torchTrainee({ modules, criterion: makeCriterion, ...rest }: TorchModel): Trainee {
  const model = new torch.nn.Sequential(...modules())
  const criterion = makeCriterion()
  const optimizer = rest.optimizer(model.parameters())
  const scheduler = rest.scheduler?.(optimizer)
  const step = (x: torch.Tensor, y: torch.Tensor) => {
    optimizer.zeroGrad()
    const outputs = model.forward(x)
    const loss = criterion.forward(outputs, y)
    loss.backward()
    rest.clip?.(model.parameters())
    optimizer.step()
    return { loss, figures: rest.figures?.(outputs, y) ?? {} }
  }
  const train: Trainee['train'] = async (data, { batchSize, epochs, isCompiled, stepsPerExecution = 1 }) => {
    const taken = isCompiled ? torch.compile(step, { stepsPerExecution }) : step
    const waiting: [name: string, value: PromiseLike<number>][] = []
    for (let epoch = 0; epoch < epochs; epoch++) {
      for await (const [x, y] of new torch.DataLoader(data, { batchSize })) {
        const { loss, figures } = taken(x, y)
        scheduler?.step()
        currentRun().log({ loss: loss.item() })
        for (const [name, figure] of Object.entries(figures)) waiting.push([name, figure.item()])
      }
    }
    const found: Record<string, number[]> = {}
    for (const [name, value] of waiting) (found[name] ??= []).push(await value)
    return found
  }
  return {
    train,
    weights: () => model.weights(),
    slots: () => optimizer.slots(),
    setLearningRate: (learningRate) => (optimizer.learningRate = learningRate),
    dispose() {
      optimizer.zeroGrad()
      for (const variable of [...optimizer.slots(), ...variablesOf(model)]) variable.dispose()
    },
  }
}

function variablesOf(model: torch.nn.Module): tf.Variable[] {
  return [...model.parameters(), ...model.namedBuffers().map(([, buffer]) => buffer)].map(
    ({ variable }) => variable,
  )
}

/** Values by name: what two trainees are compared by. */
export async function valuesOf(trainee: Trainee): Promise<Map<string, ArrayLike<number>>> {
  const { weights } = await trainee.weights()
  const values = new Map<string, ArrayLike<number>>(weights.map(({ name, values }) => [name, values]))
  for (const [index, slot] of trainee.slots().entries()) values.set(`slot ${index}`, await readBack(slot))
  return values
}
