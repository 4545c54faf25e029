/** Graph <-> ONNX files. */
export { decodeModel } from './decodeModel'
export { encodeLoop, loopInputs, type LoopInputs } from './encodeLoop'
export { encodeModel, type EncodeOptions } from './encodeModel'
export { outputNames, type OutputNames } from './names'
