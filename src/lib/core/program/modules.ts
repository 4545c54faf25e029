/** The modules a program may import. */
import * as data from '../data/index'
import { currentRun } from '../events/currentRun'
import * as keras from '../keras/index'
import type { ModelWeights } from '../nn/weights'
import * as torch from '../torch/index'
import { guided, guidedGroup } from './guided'
import type { LaneId } from './types'

/** Modules by specifier, for one run; `initialWeights` fetches the other lane's. */
export function programModules(
  initialWeights: (of: LaneId) => Promise<ModelWeights>,
): Readonly<Record<string, object>> {
  return {
    'tandem/keras': withDefault('keras', keras),
    'tandem/torch': withDefault('torch', torch),
    'tandem/data': withDefault('data', data),
    'tandem/run': {
      /** Records figures of the batch in progress, or of an epoch when `epoch` is among them. */
      log: (values: Readonly<Record<string, number>>) => currentRun().log(values),
      /** The weights that lane's model had before its first batch. */
      initialWeights,
    },
  }
}

/** `import keras` and `import torch, { nn }` also read as in Python. */
function withDefault(name: string, module: object): object {
  const members = guided(module)
  return { ...members, default: guidedGroup(name, members) }
}
