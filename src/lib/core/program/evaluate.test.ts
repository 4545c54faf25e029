import { describe, expect, it } from 'vitest'
import { dataModuleHost, evaluate, LocatedError } from './evaluate'
import { instrument, ProgramSyntaxError } from './instrument'
import { programModules } from './modules'

async function run(text: string, module: object = {}, others: Readonly<Record<string, object>> = {}) {
  const lines: number[] = []
  const done = evaluate({
    text,
    modules: { ...others, 'tandem/run': module },
    host: dataModuleHost,
    hooks: { onLine: (line) => lines.push(line), onExports: () => undefined },
  })
  const failure = await done.then(
    () => null,
    (error: unknown) => (error instanceof LocatedError ? error : null),
  )
  return { lines, failure }
}

function tryGet(get: () => unknown): unknown {
  try {
    return get()
  } catch (error) {
    return error instanceof Error ? error.name : error
  }
}

describe('evaluate', () => {
  it('runs the text and reports each statement by its own line', async () => {
    const seen: number[] = []
    const { lines, failure } = await run(
      `import { log } from 'tandem/run'\nfor (let i = 0; i < 2; i++) {\n  log(i)\n}\nawait Promise.resolve()\n`,
      { log: (value: number) => seen.push(value) },
    )
    expect(failure).toBeNull()
    expect(seen).toEqual([0, 1])
    expect(lines).toEqual([2, 3, 3, 5])
  })

  it('gives exported bindings while the program is still running', async () => {
    const seen: unknown[] = []
    let getters: Readonly<Record<string, () => unknown>> = {}
    await evaluate({
      text: `import { look } from 'tandem/run'\nlook()\nexport const model = { units: 8 }\nlook()\n`,
      modules: { 'tandem/run': { look: () => seen.push(tryGet(() => getters['model']?.())) } },
      host: dataModuleHost,
      hooks: { onLine: () => undefined, onExports: (given) => (getters = given) },
    })
    expect(seen).toEqual(['ReferenceError', { units: 8 }])
  })

  it('gives a model and an optimizer that the program forgot to export; what it exports comes first', async () => {
    const gettersOf = async (text: string) => {
      let getters: Readonly<Record<string, () => unknown>> = {}
      const hooks = { onLine: () => undefined, onExports: (given: typeof getters) => (getters = given) }
      await evaluate({ text, modules: {}, host: dataModuleHost, hooks })
      return Object.fromEntries(Object.entries(getters).map(([name, read]) => [name, read()]))
    }
    expect(await gettersOf('const net = 1\nlet opt = 2\nconst other = 3\n')).toEqual({
      model: 1,
      optimizer: 2,
    })
    expect(await gettersOf('const net = 1\nexport const model = 2\n')).toEqual({ model: 2 })
  })

  it('names the line of a thrown error', async () => {
    const { failure } = await run(`const a = 1\n\nfunction f() {\n  return missing + a\n}\nf()\n`)
    expect(failure?.line).toBe(4)
    expect(String(failure?.error)).toContain('missing is not defined')
  })

  it('names line and column of a syntax error', async () => {
    const { failure } = await run(`const a = 1\nconst = 2\n`)
    expect(failure).toMatchObject({ line: 2, column: 7 })
    expect(failure?.error).toBeInstanceOf(ProgramSyntaxError)
  })

  it('imports a default, all names as one, and words of the language', async () => {
    const seen: unknown[] = []
    const own = { push: (...values: unknown[]) => seen.push(...values), var: 1 }
    const { failure } = await run(
      `import whole, { push, var as variance } from 'tandem/run'\nimport * as all from 'tandem/run'\npush(whole.var, variance, all.var)\n`,
      { ...own, default: own },
    )
    expect(failure).toBeNull()
    expect(seen).toEqual([1, 1, 1])
  })

  it('imports all names as one group, which answers for those that are not there', async () => {
    const text = (use: string) =>
      `import * as torch from 'tandem/torch'\nimport * as data from 'tandem/data'\n${use}`
    const modules = programModules(() => Promise.reject(new Error('no leader')))
    const failureOf = async (use: string) => {
      const { failure } = await run(text(use), {}, modules)
      return failure?.error instanceof Error ? failure.error.message : null
    }
    expect(await failureOf('torch.float32\ndata.circle')).toBeNull()
    expect(await failureOf('torch.sigmod')).toContain(
      'torch: expected a name that it has, got sigmod. Write torch.sigmoid.',
    )
    expect(await failureOf('data.cirle')).toContain(
      'data: expected a name that it has, got cirle. Write data.circle.',
    )
  })

  it('refuses modules it does not have', async () => {
    const { failure } = await run(`\nimport fs from 'node:fs'\n`)
    expect(String(failure?.error)).toContain("got 'node:fs'. Programs cannot load other modules.")
    expect(failure?.line).toBe(2)
  })
})

describe('instrument', () => {
  it('keeps every statement on its line', () => {
    const text = `import { log } from 'tandem/run'\n\nexport const a = 1,\n  b = 2\nif (a) {\n  log(b)\n}\nexport { log as c }\n`
    const edited = instrument(text, 'runtime:', () => 'run:')
    expect(edited).toMatchInlineSnapshot(`
      "import { line as $line, exports as $exports } from "runtime:"; $exports({ "a": () => a, "b": () => b, "c": () => log }); import { log } from "run:"

      $line(3);export const a = 1,
        b = 2
      $line(5);if (a) {
        $line(6);log(b)
      }
      $line(8);export { log as c }
      "
    `)
  })
})
