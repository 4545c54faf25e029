import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { encodeLoop, encodeModel } from '../../src/lib/core/onnx'
import { ModelProtoSchema } from '../../src/lib/core/onnx/onnx_pb'
import { complaintOf, findOnnxPython, missingOnnxPython } from '../support/onnxChecker'
import { classifier, denseStep, gradientOfProduct } from '../support/stepGraphs'

const python = findOnnxPython()
const files: readonly (readonly [string, Uint8Array])[] = [
  ['one step', encodeModel(denseStep(4, 3))],
  ['many steps', encodeLoop(denseStep(4, 3))],
  ['copied outputs', encodeModel(gradientOfProduct())],
  ['copied outputs, many steps', encodeLoop(gradientOfProduct())],
  ['an open batch size', encodeModel(classifier(7), { dynamicBatch: 'batch' })],
]

if (python === null) {
  it.skip(`the official checker: ${missingOnnxPython}`)
} else {
  describe('the official checker', () => {
    it.each(files)('accepts a file with %s', (_, bytes) => {
      expect(complaintOf(python, bytes)).toBe('')
    })

    it('rejects wrong types, so that its silence means something', () => {
      const model = fromBinary(ModelProtoSchema, encodeModel(denseStep(4, 3)))
      const type = model.graph?.valueInfo[0]?.type?.value
      if (type?.case === 'tensorType') type.value.elemType = 6
      // Its words differ from version to version; without this type it accepts the file, as the first case shows.
      expect(complaintOf(python, toBinary(ModelProtoSchema, model))).not.toBe('')
    })
  })
}
