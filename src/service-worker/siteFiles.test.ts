import { describe, expect, it } from 'vitest'
import { isContentOf, parseFileList, scriptSource } from './siteFiles'

const hash = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
const home = { path: 'index.html', bytes: 5, hash }
const parse = (files: unknown, version = '1') => parseFileList(JSON.stringify({ version, files }), '1')

describe('parseFileList', () => {
  it('reads files by path', () => {
    const files = parse([home, { path: '_app/a b.js', bytes: 0, hash, scripts: ['sha256-a+/b='] }])
    expect([...files.keys()]).toEqual(['index.html', '_app/a b.js'])
  })

  it.each([
    ['<!doctype html>', 'files.json: expected JSON, got <!doctype html>.'],
    ['', 'files.json: expected JSON, got nothing.'],
    ['[]', 'files.json: expected an object with files, got [].'],
    ['null', 'files.json: expected an object with files, got null.'],
    [
      '{"version":"1","files":{}}',
      'files.json: expected an object with files, got {"version":"1","files":{}}.',
    ],
    ['{"version":"0","files":[]}', 'files.json: expected version 1, got "0".'],
    ['{"files":[]}', 'files.json: expected version 1, got nothing.'],
    ['{"version":"1","files":[]}', 'files.json: expected index.html among the files, got 0 others.'],
  ])('does not believe %s', (text, message) => {
    expect(() => parseFileList(text, '1')).toThrow(
      `${message} The host may be in the middle of an update: open the site again in a few minutes.`,
    )
  })

  it('takes each file once', () => {
    expect(() => parse([home, { ...home, bytes: 6 }])).toThrow(
      'expected each file once, got index.html twice',
    )
  })

  it.each([
    { ...home, path: '/index.html' },
    { ...home, path: '../index.html' },
    { ...home, path: 'a/../b.js' },
    { ...home, path: 'a//b.js' },
    { ...home, path: 'a/' },
    { ...home, path: '' },
    { ...home, path: 'a\\b.js' },
    { ...home, path: 'a\0.js' },
    { ...home, path: 'a%2fb.js' },
    { ...home, path: 'a.js?b' },
    { ...home, path: 'a.js#b' },
    { ...home, path: 'https://other.example/a.js' },
    { ...home, path: 1 },
    { ...home, bytes: -1 },
    { ...home, bytes: 1.5 },
    { ...home, bytes: 1e10 },
    { ...home, bytes: '5' },
    { ...home, hash: hash.slice(0, 16) },
    { ...home, hash: hash.toUpperCase() },
    { ...home, hash: null },
    { ...home, scripts: 'sha256-a' },
    { ...home, scripts: ["sha256-a' *"] },
    { path: 'index.html' },
    null,
    [],
  ])('takes no entry like %j', (entry) => {
    expect(() => parse([entry])).toThrow(/expected path, bytes and hash of a file, got /)
  })
})

it('names an inline script by its hash', async () => {
  expect(await scriptSource('hello')).toBe('sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=')
})

describe('isContentOf', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)

  it('compares length and every bit', async () => {
    expect(await isContentOf(bytes('hello'), home)).toBe(true)
    expect(await isContentOf(bytes('hellp'), home)).toBe(false)
    expect(await isContentOf(bytes('hello '), home)).toBe(false)
    expect(await isContentOf(bytes(''), home)).toBe(false)
  })
})
