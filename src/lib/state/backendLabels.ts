/** The name of each backend as its makers write it. */
import type { BackendName } from '$lib/workers/protocol'

export const backendLabels: { readonly [B in BackendName]: string } = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'Wasm',
  cpu: 'CPU',
}
