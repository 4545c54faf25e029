/** Where workers find what they load: engines and datasets, all on the page's own origin. */
import { asset } from '$app/paths'
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import wasmSimdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import wasmThreadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import ortWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import ortWasmModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import ortJspiUrl from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url'
import ortJspiModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url'
import type { LaneAssets } from '$lib/workers/protocol'

/** Absolute addresses: a worker that starts from a blob has no base to resolve others against. */
export function laneAssets(): LaneAssets {
  const absolute = (url: string) => new URL(url, location.href).href
  return {
    wasmFiles: {
      'tfjs-backend-wasm.wasm': absolute(wasmUrl),
      'tfjs-backend-wasm-simd.wasm': absolute(wasmSimdUrl),
      'tfjs-backend-wasm-threaded-simd.wasm': absolute(wasmThreadedUrl),
    },
    ortBuilds: {
      wasm: { wasm: absolute(ortWasmUrl), mjs: absolute(ortWasmModuleUrl) },
      jspi: { wasm: absolute(ortJspiUrl), mjs: absolute(ortJspiModuleUrl) },
    },
    digits: absolute(asset('/data/digits.bin')),
  }
}
