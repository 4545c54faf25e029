import { parse } from 'acorn'
import MagicString from 'magic-string'
import { describe, expect, it } from 'vitest'
import { markReads } from './scopeReads'

function marked(text: string) {
  const edited = new MagicString(text)
  const program = parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
  const functions = markReads(edited, program, '$')
  return { text: edited.toString(), reads: functions.flatMap(({ reads }) => reads) }
}

const names = (text: string) =>
  marked(text).reads.map(
    ({ name, isFixed, use }) => `${isFixed ? 'const ' : ''}${name}${use === 'value' ? '' : ` ${use}`}`,
  )

describe('what a function reads from outside', () => {
  it.each<[text: string, reads: readonly string[]]>([
    ['let a; const f = () => a', ['a']],
    ['const a = 1; const f = () => a', ['const a']],
    ['const a = {}; const f = () => a.b.c[0]["d e"]?.f', ['const a.b.c[0]["d e"].f']],
    ['const a = {}; const f = (i) => a.b[i].c', ['const a.b']],
    ['const a = []; const f = () => a.map(g); function g() {}', ['const a call', 'const g']],
    ['const a = {}; const f = () => { a.b = 1; a.c += 1; a.d++ }', ['const a.c', 'const a.d']],
    ['let n = 0; const f = () => { n += 1 }', ['n']],
    ['let n = 0; const f = () => { n = 1 }', []],
    ['let a; const f = ({ a }) => a', []],
    ['let a; const f = (b = a) => b', ['a']],
    ['let a; const f = () => { { let a; g(a) } }', []],
    ['let a; const f = () => { for (const a of b) a; return a }', ['a']],
    ['let a; const f = () => { try {} catch (a) { a } }', []],
    ['let a; const f = function a() { return a }', []],
    ['let a; a = 1; const f = () => ({ a })', ['a']],
    ['import a from "x"; const f = () => a.b', []],
    ['const f = () => Math.PI + undefined + globalThis.x', ['const globalThis.x']],
    ['const f = () => { let a = 1; return () => a++ }', ['a']],
    ['let a; for (a of b) { f(() => a) }', ['a']],
    ['let a = 1; for (a of b) { f(() => a) }', ['a']],
    ['let a = 1; for (a in b) { f(() => a) }', ['a']],
    ['let a = 1; for ([a] of b) { f(() => a) }', ['a']],
    ['class A { #b = 1; c() { return this.#b } }', ['this.#b']],
    ['class A { #b = {}; c() { return () => this.#b.d[0] } }', ['this.#b.d[0]']],
    ['class A { #b = 1; c() { this.#b = 2; this.#d() } #d() {} }', []],
    ['class A { #b = 1; c() { this.#b += 2 } }', ['this.#b']],
    ['class A { b() { return this.c.d } }', ['const this.c.d']],
    ['class A { b() { return () => this.c } }', ['const this.c']],
    ['class A { b = () => this.c }', ['const this.c']],
    ['class A { b = this.c; constructor() { this.d() } }', []],
    ['class A extends B { constructor() { super(); this.f = () => this.g } }', ['const this.g']],
    ['class A {}; const f = () => new A()', ['const A']],
    ['let a, b; const f = () => { [a, { b }] = g(a) }', ['a']],
    ['for (const a of b) { f(() => a) }', ['const a']],
    ['for (let i = 0; i < 3; i++) { f(() => i) }', ['i']],
    ['label: for (;;) { const f = () => { break label } }', []],
  ])('%s', (text, reads) => {
    expect(names(text.replace('break label', '0'))).toEqual(reads)
  })
})

describe('the inserted calls', () => {
  it.each([
    ['let a; const f = (x) => x + a', 'let a; const f = (x) => ($(0,()=>[()=>a]),x + a)'],
    ['let a; const f = () => ({ a })', 'let a; const f = () => (($(0,()=>[()=>a]),{ a }))'],
    ['let a; function f() { return a }', 'let a; function f() {$(0,()=>[()=>a]); return a }'],
    ['let a; const f = () => () => a', 'let a; const f = () => () => ($(0,()=>[()=>a]),a)'],
    ['class A { b() { return this.c } }', 'class A { b() {$(0,()=>[()=>this]); return this.c } }'],
    [
      'function f() { let a = 1; return () => a++ }',
      'function f() {$(1); let a = 1; return () => ($(0,()=>[()=>a]),a++) }',
    ],
  ])('%s', (text, expected) => {
    expect(marked(text).text).toBe(expected)
  })

  it('tell lines and keep them', () => {
    const text = 'let a\nconst f = () => {\n  return a\n}\n'
    const { text: edited, reads } = marked(text)
    expect(reads.map(({ line }) => line)).toEqual([3])
    expect(edited.split('\n')).toHaveLength(text.split('\n').length)
  })
})
