import { afterEach, describe, expect, it } from 'vitest'
import { lazyPart } from './lazyPart.svelte'

const problem =
  'The ledger could not be loaded. Check the connection and try again; if that does not help, reload the page.'

/** Fails `times` times. */
function failing(times: number) {
  let left = times
  return lazyPart('The ledger', () =>
    left-- > 0 ? Promise.reject(new TypeError('no network')) : Promise.resolve({ ok: true }),
  )
}

describe('a part that fails to load', () => {
  it('says so, and loads when it is tried again', async () => {
    const part = failing(2)
    const error = await part.load().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ message: problem, cause: new TypeError('no network') })
    expect([part.hasFailed, part.isLoading, part.problem]).toEqual([true, false, problem])
    await expect(part.load()).rejects.toThrow(problem)
    expect(part.module).toBeUndefined()
    await part.load()
    expect([part.hasFailed, part.isLoading, part.module]).toEqual([false, false, { ok: true }])
  })

  it('rejects nobody who only wants it', async () => {
    const part = failing(1)
    part.want()
    expect(part.isLoading).toBe(true)
    await part.load().catch(() => undefined)
    expect(part.hasFailed).toBe(true)
  })
})

describe('styles that failed', () => {
  afterEach(() => {
    document.head.querySelectorAll('link[data-test]').forEach((link) => {
      link.remove()
    })
  })

  const style = () => document.head.querySelector<HTMLLinkElement>('link[data-test]')

  it('are loaded again before the part', async () => {
    const link = document.createElement('link')
    // Nothing listens there.
    Object.assign(link, { rel: 'stylesheet', href: 'http://localhost:1/none.css' })
    link.dataset['test'] = ''
    await new Promise((resolve) => {
      link.addEventListener('error', resolve)
      document.head.append(link)
    })
    const part = failing(1)
    await part.load().catch(() => undefined)
    await expect(part.load()).rejects.toThrow(problem)
    expect(link.isConnected).toBe(false)
    style()?.setAttribute('href', 'data:text/css,i{}')
    expect(await part.load()).toEqual({ ok: true })
    expect(style()?.sheet).toBeTruthy()
  })
})
