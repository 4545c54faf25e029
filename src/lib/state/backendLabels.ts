/** The name of each backend as its makers write it. */
import type { BackendName } from '$lib/workers/protocol'

/** The name of each backend on the page. */
export const backendLabels: { readonly [B in BackendName]: string } = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'Wasm',
  cpu: 'CPU',
}
