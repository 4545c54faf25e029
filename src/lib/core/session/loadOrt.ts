/** Loads onnxruntime-web, in the build that fits: plain wasm, or WebGPU by way of JavaScript promise integration (JSPI). */
import type * as Ort from 'onnxruntime-web'
import { encodeModel } from '../onnx/index'
import { GraphBuilder } from '../graph/builder'
import { BackendError } from '../util/errors'
import type { Download, OrtBuilds, OrtFiles, SessionSettings } from './types'

export type { Ort }

type Build = keyof OrtBuilds

const modules: { readonly [B in Build]: () => Promise<typeof Ort> } = {
  wasm: () => import('onnxruntime-web/wasm'),
  jspi: () => import('onnxruntime-web/jspi'),
}

const loaded = new Map<Build, Promise<typeof Ort>>()

/** What the library is started with. */
export type OrtSettings = Pick<SessionSettings, 'threads'>

/** Where its files are. Kept here and not with the settings of a session, which a program might get hold of. */
interface OrtSource {
  readonly builds: OrtBuilds
  /** onnxruntime-web itself would never try again once a file failed to come. */
  readonly download: Download
}

let source: OrtSource | null = null

/** Says where the library's files come from; without it they are found beside the package, as in Node. */
export function setOrtSource(ofFiles: OrtSource): void {
  source = ofFiles
}

/**
 * The library for that backend, its engine running; settings count for the first call of a worker only. Throws
 * BackendError for WebGPU without JSPI: the build that does without is larger than what some hosts serve (25 MiB).
 */
export function loadOrt(backend: 'wasm' | 'webgpu', settings: OrtSettings): Promise<typeof Ort> {
  if (backend === 'webgpu' && !('Suspending' in WebAssembly)) throw withoutPromiseIntegration()
  const build = backend === 'wasm' ? 'wasm' : 'jspi'
  const known = loaded.get(build)
  if (known) return known
  const loading = start(build, backend, settings)
  loaded.set(build, loading)
  // A download that failed may succeed the next time; an engine that failed to start fails again.
  loading.catch(() => loaded.delete(build))
  return loading
}

async function start(
  build: Build,
  backend: 'wasm' | 'webgpu',
  { threads = 1 }: OrtSettings,
): Promise<typeof Ort> {
  const ort = await modules[build]()
  ort.env.wasm.numThreads = threads
  ort.env.logLevel = 'error'
  if (source) {
    const files = source.builds[build]
    // As URLs: of a text the library looks for a property `href`, which it might find where a program put it.
    ort.env.wasm.wasmPaths = { wasm: new URL(files.wasm), mjs: new URL(files.mjs) }
    ort.env.wasm.wasmBinary = await downloadBuild(files, source.download)
  }
  await startEngine(ort, backend)
  // Compiled by now.
  delete ort.env.wasm.wasmBinary
  return ort
}

/** The engine's binary, its module within reach: the library starts an engine once, and never again if that failed. */
async function downloadBuild({ wasm, mjs }: OrtFiles, download: Download): Promise<Uint8Array> {
  const [binary] = await Promise.all([download(wasm), download(mjs)])
  return binary
}

/** The engine and its threads start with the first session: with this one, so that no graph's compilation pays for it. */
async function startEngine(ort: typeof Ort, backend: 'wasm' | 'webgpu'): Promise<void> {
  const builder = new GraphBuilder('start')
  builder.result(builder.add('Neg', [builder.input('argument', { dtype: 'float32', shape: [1] }, 'x')]))
  const bytes = encodeModel(builder.build())
  const session = await ort.InferenceSession.create(bytes, { executionProviders: [backend] })
  await session.release()
}

function withoutPromiseIntegration(): BackendError {
  const reason = 'static execution on WebGPU needs a browser with WebAssembly promise integration (JSPI)'
  return new BackendError(
    `webgpu: expected a browser that can wait inside WebAssembly, got one that cannot: ${reason}. Choose wasm.`,
    { reason },
  )
}
