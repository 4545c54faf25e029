/** The official ONNX checker, a Python package: where it is, and a run of it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const script = 'tests/golden/checkOnnx.py'

function run(python: string, files: readonly string[]) {
  return spawnSync(python, [script, ...files], { encoding: 'utf8' })
}

/** The first Python that has the package `onnx`, Debian's own being the second; null where none has. */
export function findOnnxPython(): string | null {
  return ['python3', '/usr/bin/python3'].find((python) => run(python, []).status === 0) ?? null
}

/** Why tests with the checker do not run. */
export const missingOnnxPython = 'needs python3 with onnx 1.12 or newer; Debian: apt-get install python3-onnx'

/** What the checker has against the file; '' for nothing. */
export function complaintOf(python: string, bytes: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'onnx-'))
  try {
    const file = join(folder, 'model.onnx')
    writeFileSync(file, bytes)
    const { status, stderr } = run(python, [file])
    return status === 0 ? '' : stderr || `the checker ended with ${status ?? 'a signal'}`
  } finally {
    rmSync(folder, { recursive: true })
  }
}
