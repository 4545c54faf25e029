/** The modules a program may import. */
import * as data from '../data/index'
import { currentRun } from '../events/currentRun'
import * as keras from '../keras/index'
import type { ModelWeights } from '../nn/weights'
import * as torch from '../torch/index'
import type { LaneId } from './types'

/** Modules by specifier, for one run; `initialWeights` fetches the other lane's. */
export function programModules(
  initialWeights: (of: LaneId) => Promise<ModelWeights>,
): Readonly<Record<string, object>> {
  return {
    // `import keras` and `import torch, { nn }` also read as in Python.
    'tandem/keras': { ...keras, default: keras },
    'tandem/torch': { ...torch, default: torch },
    'tandem/data': data,
    'tandem/run': {
      /** Records figures of the batch in progress, or of an epoch when `epoch` is among them. */
      log: (values: Readonly<Record<string, number>>) => currentRun().log(values),
      /** The weights that lane's model had before its first batch. */
      initialWeights,
    },
  }
}
