/** Backends: where kernels run. Each engine is loaded on first use, so that a lane downloads only what it runs. */
import { BackendError } from '../util/errors'
import { handOnNaN } from './notNumbers'
import { tf } from './tfjs'

/** In order of preference when nothing was measured. */
export const backendNames = ['webgpu', 'webgl', 'wasm', 'cpu'] as const

/** A backend of TensorFlow.js. */
export type BackendName = (typeof backendNames)[number]

/** What a backend needs from its host. */
export interface BackendResources {
  /** URLs (in Node: file paths) of the tfjs wasm binaries by file name; without it they are found beside the package. */
  readonly wasmFiles?: Readonly<Record<string, string>> | undefined
}

const loaders: { readonly [Name in BackendName]: (resources: BackendResources) => Promise<void> } = {
  webgpu: loadWebgpu,
  webgl: loadWebgl,
  wasm: loadWasm,
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu')
    handOnNaN('cpu')
  },
}

type BackendFactory = ReturnType<typeof tf.findBackendFactory>

const factories = new Map<BackendName, BackendFactory>()

/** Started backends whose device or context is gone; the next start has to make a new one. */
const lost = new Set<BackendName>()

/** Loads `name` if need be and makes it the backend of this worker. Throws BackendError saying why it cannot. */
export async function initialiseBackend(name: BackendName, resources: BackendResources = {}): Promise<void> {
  try {
    await loaders[name](resources)
  } catch (cause) {
    throw cause instanceof BackendError ? cause : unavailable(name, reasonOf(cause), cause)
  }
  if (lost.has(name)) remove(name)
  registerAgain(name)
  const { result: hasStarted, warnings } = await collectWarnings(() => tf.setBackend(name))
  if (!hasStarted) throw unavailable(name, warnings[0] ?? 'no reason given')
  await tf.ready()
  if (name === 'webgl' && !tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) {
    disposeBackend()
    throw unavailable(name, 'the device cannot render to 32-bit floating-point textures')
  }
  watchForLoss(name)
}

/** Name of the backend in use; undefined before any. */
export function currentBackend(): BackendName | undefined {
  const current = tf.engine().backendName as string | null | undefined
  return backendNames.find((name) => name === current)
}

/** Ends the backend in use and everything that lives on it. It can be initialised again. */
export function disposeBackend(): void {
  const name = currentBackend()
  if (name === undefined) return
  watched?.forget()
  remove(name)
}

function remove(name: BackendName): void {
  lost.delete(name)
  factories.set(name, tf.findBackendFactory(name))
  tf.removeBackend(name)
}

/** A backend's package registers itself once; after a disposal that has to be done for it. */
function registerAgain(name: BackendName): void {
  const factory = factories.get(name)
  const registered = tf.findBackendFactory(name) as BackendFactory | null
  if (factory && !registered) tf.registerBackend(name, factory)
}

async function loadWebgpu(): Promise<void> {
  const gpu = (globalThis.navigator as { gpu?: GPU } | undefined)?.gpu
  if (!gpu) throw unavailable('webgpu', 'this browser has no WebGPU')
  if (!(await gpu.requestAdapter())) throw unavailable('webgpu', 'the browser offers no GPU adapter')
  await import('@tensorflow/tfjs-backend-webgpu')
}

async function loadWebgl(): Promise<void> {
  if (typeof OffscreenCanvas === 'undefined') {
    throw unavailable('webgl', 'there is no canvas to draw on outside the page')
  }
  if (!(await offersWebgl())) {
    throw unavailable('webgl', 'the browser offers no WebGL 2 context')
  }
  await import('@tensorflow/tfjs-backend-webgl')
  // Slow is better than missing: machines without a GPU draw WebGL in software.
  tf.env().set('SOFTWARE_WEBGL_ENABLED', true)
  for (const flag of packedElementwise) tf.env().set(flag, false)
}

/**
 * Packed kernels compute on blocks of 2 × 2. Elementwise ones leave e⁰ = 1 and the like in what a block has beyond
 * the tensor, and a packed matMul over an odd dimension, such as a batch of 3, adds that up: gradients are wrong.
 */
const packedElementwise = [
  'WEBGL_PACK_UNARY_OPERATIONS',
  'WEBGL_PACK_BINARY_OPERATIONS',
  'WEBGL_PACK_CLIP',
] as const

/** Right after WebGPU work Chromium refuses WebGL contexts for a moment, so a refusal is asked again. */
async function offersWebgl(): Promise<boolean> {
  for (let attempt = 0; attempt < 15; attempt++) {
    if (new OffscreenCanvas(1, 1).getContext('webgl2')) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

async function loadWasm({ wasmFiles }: BackendResources): Promise<void> {
  if (typeof WebAssembly === 'undefined') throw unavailable('wasm', 'WebAssembly is switched off')
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  handOnNaN('wasm')
  if (isStarted('wasm')) return
  if (wasmFiles) setWasmPaths({ ...wasmFiles })
  // One thread: the threaded build starts workers of its own, which a sealed worker has no right to, and two
  // lanes want the cores.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
}

/** Whether the backend runs already; asking the engine for it by name would start it. */
function isStarted(name: BackendName): boolean {
  return name in tf.engine().registry
}

function unavailable(name: BackendName, reason: string, cause?: unknown): BackendError {
  return new BackendError(
    `${name}: expected an available backend, got none: ${reason}. Choose another backend.`,
    { cause, reason },
  )
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/** The engine reports a failed start only by `console.warn`; here its words become part of the error. */
async function collectWarnings<T>(run: () => Promise<T>): Promise<{ result: T; warnings: string[] }> {
  const warnings: string[] = []
  const { warn } = console
  console.warn = (...parts: unknown[]) => {
    const text = parts.map(String).join(' ').split('\n', 1)[0] ?? ''
    if (!text.startsWith('Initialization of backend')) warnings.push(text)
  }
  try {
    return { result: await run(), warnings }
  } finally {
    console.warn = warn
  }
}

/** Told once when the device or context behind a backend is gone, with the browser's reason. */
export type BackendLostCallback = (name: BackendName, reason: string) => void

let lostCallback: BackendLostCallback | null = null
let watched: { forget(): void } | null = null

/** Sets who is told of a lost backend; everything on it is gone, so another has to be initialised. */
export function onBackendLost(callback: BackendLostCallback | null): void {
  lostCallback = callback
}

/** Tells of a loss that another engine than tfjs noticed. */
export function reportBackendLost(name: BackendName, reason: string): void {
  lostCallback?.(name, reason)
}

function watchForLoss(name: BackendName): void {
  watched?.forget()
  let isCurrent = true
  const report = (reason: string) => {
    if (!isCurrent) return
    isCurrent = false
    lost.add(name)
    lostCallback?.(name, reason)
  }
  watched = { forget: () => (isCurrent = false) }
  const backend = tf.backend() as { device?: GPUDevice; gpgpu?: { gl: WebGL2RenderingContext } }
  if (name === 'webgpu') {
    void backend.device?.lost.then(({ reason, message }) => report(message || reason))
  }
  if (name === 'webgl') {
    backend.gpgpu?.gl.canvas.addEventListener('webglcontextlost', () => report('the WebGL context was lost'))
  }
}
