import { describe, expect, it } from 'vitest'
import { contentHash } from './contentHash'

const hashOf = (text: string) => contentHash(new TextEncoder().encode(text))

describe('contentHash', () => {
  it('is equal for equal content, and stays so from one version to the next', () => {
    expect(hashOf('a,b\n1,2\n')).toBe(hashOf('a,b\n1,2\n'))
    expect(hashOf('a,b\n1,2\n')).toMatchInlineSnapshot(`"629128fcf7021ced"`)
    expect(hashOf('')).toMatch(/^[0-9a-f]{16}$/)
  })

  it('differs for content that differs a little', () => {
    const texts = Array.from({ length: 2000 }, (_, index) => `a,b\n${index},${index % 7}\n`)
    expect(new Set(texts.map(hashOf)).size).toBe(2000)
    expect(hashOf('12')).not.toBe(hashOf('21'))
  })
})
