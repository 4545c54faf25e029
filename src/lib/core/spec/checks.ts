/** Checks of what the entries of a well-formed spec mean together. */
import { dataFacts, isSequences } from '../catalogue/data'
import { optimizerFacts } from '../catalogue/optimizers'
import { checkRateSchedule } from '../catalogue/rateSchedules'
import { SpecError } from '../util/errors'
import { printShape } from '../util/shapes'
import { labelOf, tokensOf } from './datasets'
import { layerShapes } from './layerShapes'
import type { Spec } from './schema'
import { lastActivation, lastActivations, lossesFor, outputCount } from './targets'

/** The most weights a model may have; a browser tab trains no larger one in reasonable time. */
export const maxParameters = 2_000_000

/** Throws `SpecError` for the first entry that contradicts another. */
export function checkSpec(spec: Spec): void {
  dataFacts(spec.data).check(spec.data)
  if (isSequences(spec.data)) checkLookUp(spec)
  checkLoss(spec)
  checkModel(spec)
  if (spec.optimizer.schedule) checkRateSchedule(spec.optimizer.schedule)
  optimizerFacts(spec.optimizer).check(spec.optimizer)
}

/** Tokens are numbers of words and mean nothing as quantities. */
function checkLookUp({ data, model }: Spec): void {
  const [first] = model.layers
  if (first?.type === 'embedding') return
  throw new SpecError(
    'model.layers[0]',
    `expected an embedding, which looks up the tokens of the ${labelOf(data)} dataset, got ${first?.type ?? 'nothing'}. ` +
      `Put an embedding of inputDim ${tokensOf(data)} in front, and a recurrent layer behind it.`,
  )
}

function checkLoss({ data, loss }: Spec): void {
  const fitting = lossesFor(data)
  if (fitting.includes(loss)) return
  throw new SpecError(
    'loss',
    `expected one of ${fitting.join(', ')} for the ${labelOf(data)} dataset, got ${loss}. ` +
      'Choose one of them or another dataset.',
  )
}

function checkModel(spec: Spec): void {
  const { layers } = spec.model
  const shapes = layerShapes(spec)
  const path = `model.layers[${layers.length - 1}]`
  const activation = lastActivation(spec.model)
  if (activation === null) {
    throw new SpecError(
      path,
      `expected a dense or activation layer at the end, got ${layers.at(-1)?.type}. Add a dense layer.`,
    )
  }
  const outputs = outputCount(spec.data, spec.loss)
  const output = shapes.at(-1)?.output ?? []
  if (output.length !== 1 || output[0] !== outputs) {
    throw new SpecError(
      layers.at(-1)?.type === 'dense' ? `${path}.units` : path,
      `expected ${outputs} for ${spec.loss} on this dataset, got ${printShape(output)}. ` +
        `End with a dense layer of ${outputs}.`,
    )
  }
  const allowed = lastActivations(spec.loss)
  if (allowed !== null && !allowed.includes(activation)) {
    throw new SpecError(
      `${path}.activation`,
      `expected ${allowed.join(' or ')} before ${spec.loss}, got ${activation}. Change it to ${allowed[0]}.`,
    )
  }
  const parameters = shapes.reduce((sum, shape) => sum + shape.parameters, 0)
  if (parameters > maxParameters) {
    throw new SpecError(
      'model.layers',
      `expected at most ${maxParameters} weights, got ${parameters}. Use fewer units.`,
    )
  }
}
