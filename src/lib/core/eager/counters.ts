/** What the engine did and holds: kernels it dispatched, values read back, live memory. Feeds the ledger. */
import { tf } from './tfjs'

/** Running totals since the worker started. */
export interface EngineCounts {
  /** Kernels the engine dispatched. One may launch several programs on a GPU, or none for an empty tensor. */
  readonly kernels: number
  /** Times the values of a tensor were read back to the host. */
  readonly hostReads: number
}

/** What the engine holds now. */
export interface MemoryInUse {
  readonly tensors: number
  readonly bytes: number
}

/** Kernels that only give the same data another name or shape; they launch nothing. */
const views = new Set(['Identity', 'Reshape', 'ExpandDims'])

let kernels = 0
let hostReads = 0
let isPaused = false
let isInstalled = false

/** Wraps the engine's own methods on its one instance: there is no other place that every op passes. */
function install(): void {
  if (isInstalled) return
  isInstalled = true
  const engine = tf.engine()
  const runKernel = engine.runKernel.bind(engine)
  const readSync = engine.readSync.bind(engine)
  const read = engine.read.bind(engine)
  engine.runKernel = <T extends tf.Tensor | tf.Tensor[]>(...call: Parameters<typeof runKernel>) => {
    if (!isPaused && !views.has(call[0])) kernels++
    return runKernel<T>(...call)
  }
  engine.readSync = (dataId) => {
    if (!isPaused) hostReads++
    return readSync(dataId)
  }
  engine.read = (dataId) => {
    if (!isPaused) hostReads++
    return read(dataId)
  }
}

/** The totals so far; counting begins with the first call. */
export function engineCounts(): EngineCounts {
  install()
  return { kernels, hostReads }
}

/** False while an instrument runs. */
export function isCounting(): boolean {
  return !isPaused
}

/** Live tensors and their bytes on the backend, variables included. */
export function memoryInUse(): MemoryInUse {
  const { numTensors, numBytes } = tf.memory()
  return { tensors: numTensors, bytes: numBytes }
}

/** To ask for the engine takes a microsecond, which a loop would feel. */
const engine = tf.engine()

/** Bytes of the live tensors alone: a look at a counter, for places that are passed often. */
export function liveBytes(): number {
  return engine.state.numBytes
}

/** Runs an instrument without counting what it does; for synchronous work only. */
export function withoutCounting<T>(run: () => T): T {
  const before = isPaused
  isPaused = true
  try {
    return run()
  } finally {
    isPaused = before
  }
}

/** The same for work that awaits; nothing else may run on the engine meanwhile. */
export async function withoutCountingAsync<T>(run: () => Promise<T>): Promise<T> {
  const before = isPaused
  isPaused = true
  try {
    return await run()
  } finally {
    isPaused = before
  }
}
