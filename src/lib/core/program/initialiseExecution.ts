/** Gets a backend ready for an execution: tfjs' own for eager, a runtime for graphs for static. */
import { currentBackend, initialiseBackend, type BackendName, type BackendResources } from '../eager/backends'
import { initialiseRuntime } from '../session/initialiseRuntime'
import { staticBackends, type SessionSettings, type StaticBackend } from '../session/types'
import { BackendError } from '../util/errors'
import type { Execution } from './types'

/** An execution, its backend, and where engines are. */
export interface ExecutionOptions {
  readonly execution: Execution
  readonly backend: BackendName
  readonly assets: BackendResources
  readonly session: Omit<SessionSettings, 'backend'>
}

/** Throws BackendError saying why the backend cannot be had. */
export async function initialiseExecution({
  execution,
  backend,
  assets,
  session,
}: ExecutionOptions): Promise<void> {
  if (execution === 'static') {
    if (!isStaticBackend(backend)) throw notStatic(backend)
    await initialiseRuntime({ ...session, backend })
  }
  const kernels = kernelBackend(execution, backend)
  if (currentBackend() !== kernels) await initialiseBackend(kernels, assets)
}

/** Where graphs run: the lane's backend in static execution; in eager, for what a program compiles itself, wasm. */
export function sessionBackend(execution: Execution, backend: BackendName): StaticBackend {
  return execution === 'static' && isStaticBackend(backend) ? backend : 'wasm'
}

/** tfjs' backend: beside onnxruntime-web it only makes tensors and weights. */
function kernelBackend(execution: Execution, backend: BackendName): BackendName {
  return execution === 'eager' || backend === 'webgl' ? backend : 'cpu'
}

function isStaticBackend(backend: BackendName): backend is StaticBackend {
  return staticBackends.some((name) => name === backend)
}

function notStatic(backend: BackendName): BackendError {
  const reason = 'graphs run on webgpu, webgl or wasm'
  return new BackendError(
    `${backend}: expected a backend for static execution, got one without: ${reason}. Choose wasm.`,
    {
      reason,
    },
  )
}
