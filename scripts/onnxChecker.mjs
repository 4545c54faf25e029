/** The official ONNX checker for the tests: a Python package, which is installed where that is possible. */
import { spawnSync } from 'node:child_process'

const pythons = ['python3', '/usr/bin/python3']
const timeout = 180_000

/** @param {string} command @param {string[]} args */
const succeeds = (command, args) => spawnSync(command, args, { stdio: 'ignore', timeout }).status === 0

const isThere = () => pythons.some((python) => succeeds(python, ['-c', 'import onnx']))

/** Only root may install, and only where there is apt. */
function install() {
  const packages = ['install', '-y', '--no-install-recommends', 'python3-onnx']
  if (process.getuid?.() !== 0 || !succeeds('apt-get', ['--version'])) return
  if (!succeeds('apt-get', packages) && succeeds('apt-get', ['update'])) succeeds('apt-get', packages)
}

/**
 * Makes the checker available if it can; says so where it cannot, and the tests that need it are skipped.
 * @param {(line: string) => void} print
 */
export function ensureOnnxChecker(print) {
  if (isThere()) return
  install()
  if (!isThere()) print('skipped onnx checker: needs python3 with the package onnx (Debian: python3-onnx)')
}
