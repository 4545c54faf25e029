import { describe, expect, it } from 'vitest'
import { parseExportArguments } from './exportArguments'

const parse = (line: string) => parseExportArguments(line.split(' ').filter((word) => word !== ''))

describe('parseExportArguments', () => {
  it('needs a target and a file, and has defaults', () => {
    expect(parse('a.json --to torch-py --out a.py')).toEqual({
      spec: 'a.json',
      to: 'torch-py',
      weights: null,
      data: null,
      recordsOrder: false,
      out: 'a.py',
    })
  })

  it('reads every option, in any order', () => {
    const line = '--weights w.safetensors --record-order --to=keras-ipynb --out x/a.ipynb a.json --data d.csv'
    expect(parse(line)).toEqual({
      spec: 'a.json',
      to: 'keras-ipynb',
      weights: 'w.safetensors',
      data: 'd.csv',
      recordsOrder: true,
      out: 'x/a.ipynb',
    })
  })

  it.each([
    ['--to torch-py --out a.py', 'export: expected one spec, got none. Write export SPEC.json --to torch-py'],
    ['a.json b.json --to torch-py --out a.py', 'export: expected one spec, got a.json b.json.'],
    ['a.json --out a.py', '--to: expected torch-py or keras-py or torch-ipynb or keras-ipynb, got nothing.'],
    [
      'a.json --to jax-py --out a.py',
      '--to: expected torch-py or keras-py or torch-ipynb or keras-ipynb, got jax-py.',
    ],
    ['a.json --to torch-py', '--out: expected the file to write, got nothing. Add --out FILE.'],
    ['a.json --to torch-py --out', '--out: expected a value, got nothing.'],
    ['a.json --to torch-py --out=', '--out: expected a path, got nothing.'],
    [
      'a.json --to torch-py --style keras',
      'export: expected one of --to, --weights, --data, --record-order, --out, got --style.',
    ],
    ['a.json --to torch-py --to keras-py', '--to: expected it once, got it again.'],
    ['a.json --record-order=yes', '--record-order: expected no value, got yes.'],
  ])('refuses %j', (line, message) => {
    expect(() => parse(line)).toThrow(message)
  })
})
