/** Evaluates a program's text as a module. How a module gets a URL is injected: blob in a worker, data in Node. */
import { isError, isInstance, readSafely } from '../util/describeValue'
import { exportsHook, instrument, lineHook, passingHook, ProgramSyntaxError, scopesHook } from './instrument'
import { tellPassing } from './passingValues'
import { scopeMarker } from './scopeGuards'

/** Turns module text into an importable URL. Node cannot import `blob:`, a worker's CSP forbids `data:`. */
export interface ModuleHost {
  createUrl(source: string): string
  releaseUrl(url: string): void
}

let dataModules = 0

/** `data:` modules, for Node; numbered, since equal URLs would share one evaluation. */
export const dataModuleHost: ModuleHost = {
  createUrl: (source) =>
    `data:text/javascript;charset=utf-8,${encodeURIComponent(`${source}\n// ${dataModules++}`)}`,
  releaseUrl: () => undefined,
}

/** `blob:` modules, for workers. */
export const blobModuleHost: ModuleHost = {
  createUrl: (source) => URL.createObjectURL(new Blob([source], { type: 'text/javascript' })),
  releaseUrl: (url) => URL.revokeObjectURL(url),
}

/** What the inserted calls report. */
export interface ProgramHooks {
  /** A statement on this line (from 1) is about to run. */
  readonly onLine: (line: number) => void
  /** Called once before the first statement, with a getter for each exported name. */
  readonly onExports: (getters: Readonly<Record<string, () => unknown>>) => void
  /** Called once before the program runs: what throws later, in its own callbacks, is found by its line too. */
  readonly onLocate?: (locate: Locate) => void
}

/** A program's text and how its module is imported. */
export interface EvaluateOptions {
  readonly text: string
  /** Importable modules by specifier. */
  readonly modules: Readonly<Record<string, object>>
  readonly hooks: ProgramHooks
  readonly host: ModuleHost
}

/** What a program threw, with the line it came from where the stack tells. */
export class LocatedError extends Error {
  constructor(
    readonly error: unknown,
    readonly line?: number,
    readonly column?: number,
  ) {
    super('The program failed.', { cause: error })
  }
}

const registryName = '$tandem'

/** Deletes what a program could reach by that name, or be in the way of. */
function forgetRegistry(): void {
  Reflect.deleteProperty(globalThis, registryName)
}

/** Runs the program to its end. Rejects with a `LocatedError`. */
export async function evaluate(options: EvaluateOptions): Promise<void> {
  await prepareEvaluation(options)()
}

/**
 * Reads the program and gives what runs it, once. For a program that runs several times: after the first time, what it changed
 * could have a part in how it is read. What is wrong with the text is thrown when it is to run, as a `LocatedError`.
 */
export function prepareEvaluation({ text, modules, hooks, host }: EvaluateOptions): () => Promise<void> {
  const urls: string[] = []
  const createUrl = (source: string) => {
    const url = host.createUrl(source)
    urls.push(url)
    return url
  }
  let programUrl: string | undefined
  let problem: unknown
  const registry: Record<string, object> = { ...modules, runtime: runtimeFor(hooks) }
  const shims = new Map(
    Object.entries(registry).map(([name, module]) => [name, createUrl(shim(name, module))]),
  )
  const runtimeUrl = shims.get('runtime') ?? ''
  shims.delete('runtime')
  const namesOf = (specifier: string) => Object.keys(modules[specifier] ?? {})
  try {
    programUrl = createUrl(instrument(text, runtimeUrl, (specifier) => shims.get(specifier), namesOf))
  } catch (error) {
    problem = error
  }
  return async () => {
    try {
      if (programUrl === undefined) throw problem
      Object.defineProperty(globalThis, registryName, { value: registry, configurable: true })
      hooks.onLocate?.((error) => locate(error, programUrl))
      await import(/* @vite-ignore */ programUrl)
    } catch (error) {
      throw locate(error, programUrl)
    } finally {
      forgetRegistry()
      for (const url of urls) host.releaseUrl(url)
    }
  }
}

function runtimeFor(hooks: ProgramHooks) {
  return {
    [lineHook]: hooks.onLine,
    [scopesHook]: scopeMarker,
    [passingHook]: tellPassing,
    [exportsHook]: (getters: Readonly<Record<string, () => unknown>>) => {
      // Our modules have all taken what they need, and the program has not begun.
      forgetRegistry()
      hooks.onExports(getters)
    },
  }
}

/** A module that re-exports an object living in this realm, so that programs share our instances. */
function shim(name: string, module: object): string {
  // By way of a constant: `default` and `var` may be exported, but not declared.
  const names = Object.keys(module).map(
    (key, index) => `const name${index} = module.${key}; export { name${index} as ${key} };`,
  )
  return `const module = globalThis[${JSON.stringify(registryName)}][${JSON.stringify(name)}];\n${names.join('\n')}`
}

/** Finds where in a program something was thrown. */
export type Locate = (error: unknown) => LocatedError

/** Stacks name the first lines first; a program can make them as long as it likes. */
const mostStack = 20_000

function locate(error: unknown, programUrl: string | undefined): LocatedError {
  if (isInstance(error, LocatedError)) return error
  if (isInstance(error, ProgramSyntaxError)) return new LocatedError(error, error.line, error.column)
  if (!isError(error) || programUrl === undefined) return new LocatedError(error)
  const read: unknown = readSafely(() => error.stack, '')
  const stack = typeof read === 'string' ? read.slice(0, programUrl.length + mostStack) : ''
  const at = stack.indexOf(programUrl)
  const position = at < 0 ? null : /^:(\d+):(\d+)/.exec(stack.slice(at + programUrl.length))
  return new LocatedError(error, position?.[1] === undefined ? undefined : Number(position[1]))
}
