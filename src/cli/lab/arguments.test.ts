import { describe, expect, it } from 'vitest'
import { parseTrainArguments } from './arguments'

const parse = (line: string) => parseTrainArguments(line.split(' ').filter((word) => word !== ''))

describe('parseTrainArguments', () => {
  it('has defaults', () => {
    expect(parse('spec.json')).toEqual({
      spec: 'spec.json',
      style: 'keras',
      execution: 'eager',
      backend: null,
      length: { kind: 'spec' },
      stepsPerExecution: 1,
      init: null,
      data: null,
      out: null,
      json: false,
    })
  })

  it('reads every option, in any order', () => {
    const line =
      '--style torch --steps=20 --execution static spec.json --backend wasm --steps-per-execution 10 ' +
      '--init w.safetensors --data d.csv --out runs/a --json'
    expect(parse(line)).toEqual({
      spec: 'spec.json',
      style: 'torch',
      execution: 'static',
      backend: 'wasm',
      length: { kind: 'steps', count: 20 },
      stepsPerExecution: 10,
      init: 'w.safetensors',
      data: 'd.csv',
      out: 'runs/a',
      json: true,
    })
    expect(parse('spec.json --epochs 3').length).toEqual({ kind: 'epochs', count: 3 })
  })

  it.each([
    ['', 'train: expected one spec, got none. Write train SPEC.json [options].'],
    ['a.json b.json', 'train: expected one spec, got a.json b.json.'],
    ['a.json --speed 3', 'train: expected one of --style, --execution,'],
    ['a.json -s', ', --json, got -s. Remove it or correct its name.'],
    ['a.json --style jax', '--style: expected keras or torch, got jax. Choose one of them.'],
    ['a.json --execution lazy', '--execution: expected eager or static, got lazy.'],
    ['a.json --backend webgpu', '--backend: expected cpu or wasm, got webgpu.'],
    ['a.json --execution static --backend cpu', '--backend: expected wasm for static execution, got cpu.'],
    ['a.json --steps 0', '--steps: expected a whole number from 1 to 1000000000, got 0.'],
    ['a.json --steps 2.5', '--steps: expected a whole number from 1 to 1000000000, got 2.5.'],
    ['a.json --steps=-1', '--steps: expected a whole number from 1 to 1000000000, got -1.'],
    ['a.json --epochs ten', '--epochs: expected a whole number from 1 to 1000000000, got ten.'],
    ['a.json --steps 2 --epochs 2', '--steps: expected it without --epochs, got both.'],
    ['a.json --steps 2 --steps 3', '--steps: expected it once, got it again.'],
    ['a.json --steps --json', '--steps: expected a value, got nothing.'],
    ['a.json --out', '--out: expected a value, got nothing.'],
    ['a.json --out=', '--out: expected a path, got nothing.'],
    ['a.json --json=yes', '--json: expected no value, got yes.'],
    ['a.json --execution static --steps-per-execution 0', '--steps-per-execution: expected a whole number'],
    ['a.json --steps-per-execution 4', '--steps-per-execution: expected 1 in eager execution, got 4.'],
  ])('refuses %j', (line, message) => {
    expect(() => parse(line)).toThrow(message)
  })
})
