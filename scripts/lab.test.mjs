import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lab-'))
afterAll(() => rmSync(folder, { recursive: true }))

writeFileSync(
  join(folder, 'spec.json'),
  JSON.stringify({
    version: 1,
    data: { kind: 'circle' },
    model: { layers: [{ type: 'dense', units: 1, activation: 'sigmoid' }] },
    loss: 'binaryCrossentropy',
    optimizer: { type: 'sgd', learningRate: 0.1 },
    training: { epochs: 100_000 },
  }),
)

/** @param {string[]} args */
function start(args) {
  const child = spawn(process.execPath, [join(process.cwd(), 'scripts/lab.mjs'), ...args], { cwd: folder })
  const output = { out: '', error: '' }
  child.stdout.on('data', (text) => (output.out += String(text)))
  child.stderr.on('data', (text) => (output.error += String(text)))
  /** @type {Promise<{ code: number | null, out: string, error: string }>} */
  const ended = new Promise((resolve) => child.on('close', (code) => resolve({ code, ...output })))
  return { child, ended }
}

describe('scripts/lab.mjs', () => {
  it.each(['eager', 'static'])('prints one line and nothing else, %s', async (execution) => {
    const { ended } = start(['train', 'spec.json', '--steps', '5', '--execution', execution, '--json'])
    const { code, out, error } = await ended
    expect([code, error]).toEqual([0, ''])
    expect(out).toMatch(/^\{"steps":5,.*\}\n$/)
  })

  it('ends with code 2 and one line for what it does not understand', async () => {
    const { code, out, error } = await start(['train', 'spec.json', '--style', 'jax']).ended
    expect([code, out]).toEqual([2, ''])
    expect(error).toBe('lab: --style: expected keras or torch, got jax. Choose one of them.\n')
  })

  it('leaves complete files behind Ctrl-C', async () => {
    const { child, ended } = start(['train', 'spec.json', '--out', 'cut', '--json'])
    const events = join(folder, 'cut/events.jsonl')
    while (!existsSync(events) || statSync(events).size === 0) await setTimeout(50)
    child.kill('SIGINT')
    // npm sends it again.
    child.kill('SIGINT')
    const { code, out, error } = await ended
    expect([code, error]).toEqual([130, ''])
    const lines = readFileSync(events, 'utf8').trimEnd().split('\n')
    const losses = lines.map((line) => JSON.parse(line)).filter(({ tag }) => tag === 'loss')
    expect(losses.length).toBe(JSON.parse(out).steps)
    expect(statSync(join(folder, 'cut/weights.safetensors')).size).toBeGreaterThan(100)
  })
})
