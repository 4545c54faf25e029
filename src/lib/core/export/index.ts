/** Exports: what was trained, as files that other programs read. */
export {
  exportInference,
  inferenceGraph,
  type ExportedExample,
  type InferenceFile,
  type InferenceOptions,
} from './inference'
export { writeExamples, writeNpz, type NpzArray } from './npz'
export { RecordingSession, type RecordedCall } from './recordingSession'
export { parseReference, tensorToJson, valuesOfJson, type Reference, type TensorJson } from './reference'
export {
  float32Values,
  readSafetensors,
  writeSafetensors,
  type FileTensor,
  type NamedTensor,
} from './safetensors'
export { exportStep, type StepFile } from './trainingStep'
