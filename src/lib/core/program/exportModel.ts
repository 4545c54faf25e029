/** The trained model of a run as a file, for whoever started the run with an example. */
import { exportInference, type ExportedExample } from '../export/index'
import type { TrainedModel } from './trained'
import type { RunPort } from './types'

/** Sends the model as an ONNX file, if there is an example and somebody who takes the file. */
export async function exportModel(
  model: TrainedModel,
  example: ExportedExample | undefined,
  port: Pick<RunPort, 'modelFile'>,
): Promise<void> {
  if (!example || !port.modelFile) return
  const weights = model.variables()
  const { bytes } = await exportInference({ name: 'model', example, forward: model.forward, weights })
  port.modelFile(bytes)
}
