import { describe, expect, it } from 'vitest'
import { filePathOf, readAddress } from './sitePath.js'

describe('filePathOf', () => {
  it.each([
    ['', 'index.html'],
    ['models/', 'models/index.html'],
    ['models', 'models'],
    ['_app/a%20b.js', '_app/a b.js'],
    ['a%25.js', 'a%.js'],
  ])('reads "%s"', (path, file) => {
    expect(filePathOf(path)).toBe(file)
  })

  it.each([
    '%',
    '%E0%A4%A',
    '/',
    'models//',
    '//models',
    '..',
    '../a',
    'a/../b',
    '.',
    '%2e%2e/a',
    '..%2fa',
    'a%2Fb',
  ])('has no file for %s', (path) => {
    expect(filePathOf(path)).toBeNull()
  })

  it.each(['a%00', 'a\0', 'a%5c..', '%', '%'.repeat(100_000)])(
    'has no file for what no name may hold',
    (path) => {
      expect(filePathOf(path)).toBeNull()
    },
  )
})

describe('readAddress', () => {
  it.each([
    ['/a/?b=1', { pathname: '/a/', search: '?b=1' }],
    ['/a?b?c', { pathname: '/a', search: '?b?c' }],
    ['//host/a', { pathname: '//host/a', search: '' }],
    ['/a#b', { pathname: '/a', search: '' }],
  ])('reads %s', (address, parts) => {
    expect(readAddress(address)).toEqual(parts)
  })

  it.each(['*', 'http://host/a', '', undefined])('has nothing for %s', (address) => {
    expect(readAddress(address)).toBeNull()
  })
})
