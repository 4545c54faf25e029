/** Brings node_modules in line with package-lock.json, only when it is not. Plain Node: runs before anything is installed. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const stamp = 'node_modules/.tandem-lock'
const oldestNode = [20, 19]

/** One sentence if this Node is too old, else null. */
export function nodeComplaint(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = oldestNode
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return null
  return `Tandem needs Node ${oldestNode.join('.')} or newer, this is ${version}. Install it from https://nodejs.org.`
}

const lockHash = () => createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')

/** Whether npm itself recorded the same packages: then a stamp is all that is missing. */
function isSameAsInstalled() {
  const installed = 'node_modules/.package-lock.json'
  if (!existsSync(installed)) return false
  const wanted = packagesOf('package-lock.json')
  const present = packagesOf(installed)
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    return path === '' || optional === true || present[path]?.version === version
  })
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages ?? {}
}

/**
 * Runs `npm ci` if packages are missing or belong to another lock file.
 * @param {(line: string) => void} print
 * @returns {boolean} whether the packages are in place
 */
export function ensureInstalled(print) {
  const hash = lockHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true
  if (!isSameAsInstalled()) {
    print('installing packages (npm ci) …')
    const { status } = spawnSync('npm ci --no-audit --no-fund --loglevel error', {
      shell: true,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    if (status !== 0) {
      print('npm ci failed: see its message above. It needs the package registry once; later starts do not.')
      return false
    }
  }
  writeFileSync(stamp, hash)
  return true
}
