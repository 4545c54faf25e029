/** Runs an ONNX file on onnxruntime-web in Node; plain numbers out. */
import * as ort from 'onnxruntime-web/wasm'

// One thread: a worker of the runtime would outlive the test.
ort.env.wasm.numThreads = 1

/** A float32 tensor. */
export function floats(values: readonly number[], shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('float32', Float32Array.from(values), shape)
}

/** A bool vector. */
export function flags(values: readonly boolean[]): ort.Tensor {
  return new ort.Tensor('bool', [...values], [values.length])
}

/** A float32 output. */
export interface Output {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** The outputs of one run, by name. */
export async function runOnnx(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, ort.Tensor>>,
): Promise<Record<string, Output>> {
  const session = await ort.InferenceSession.create(bytes)
  try {
    const outputs = Object.entries(await session.run(feeds))
    return Object.fromEntries(
      outputs.map(([name, { dims, data }]) => [
        name,
        { shape: dims, values: Array.from(data as Float32Array) },
      ]),
    )
  } finally {
    await session.release()
  }
}
