/** Makes the runtime that a session's settings ask for. */
import { BackendError } from '../util/errors'
import { InterpreterRuntime } from './interpreterRuntime'
import { loadOrt, type OrtSettings } from './loadOrt'
import { OrtRuntime } from './ortRuntime'
import type { Runtime } from './runtime'
import type { SessionSettings } from './types'

/** The settings that say where graphs run. */
export type RuntimeSettings = OrtSettings & Pick<SessionSettings, 'backend'>

/** Throws BackendError where the runtime cannot be loaded. */
export async function initialiseRuntime({ backend, ...settings }: RuntimeSettings): Promise<Runtime> {
  if (backend === 'webgl') return new InterpreterRuntime()
  try {
    if (backend === 'webgpu') await assertWebgpu()
    return new OrtRuntime(backend, await loadOrt(backend, settings))
  } catch (cause) {
    if (cause instanceof BackendError) throw cause
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
    throw new BackendError(
      `${backend}: expected onnxruntime-web to load, got an error: ${reason}. Choose another backend.`,
      { cause, reason },
    )
  }
}

async function assertWebgpu(): Promise<void> {
  const gpu = (globalThis.navigator as { gpu?: GPU } | undefined)?.gpu
  if (gpu && (await gpu.requestAdapter())) return
  const reason = gpu ? 'the browser offers no GPU adapter' : 'this browser has no WebGPU'
  throw new BackendError(
    `webgpu: expected an available backend, got none: ${reason}. Choose another backend.`,
    {
      reason,
    },
  )
}
