/** `npm start`: installs and builds what is missing or stale, then serves the built site. Plain Node. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, nodeComplaint } from './install.mjs'

const port = 4173
/** What the build reads; `static/data` is left out because the build writes it. */
const sources = [
  'src',
  'models',
  'static',
  'scripts',
  'package-lock.json',
  'svelte.config.js',
  'vite.config.ts',
]
const written = join('static', 'data')

/** @param {string} line */
const print = (line) => console.log(line)

/**
 * @param {string} line
 * @returns {never}
 */
function fail(line) {
  console.error(line)
  process.exit(1)
}

/**
 * Time of the newest change at or below `path`, in ms; 0 if there is nothing.
 * @param {string} path
 * @returns {number}
 */
function newestChange(path) {
  if (path === written || !existsSync(path)) return 0
  const entry = statSync(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}

function isBuilt() {
  const last = join('build', 'files.json')
  return existsSync(last) && statSync(last).mtimeMs >= Math.max(...sources.map(newestChange))
}

const complaint = nodeComplaint()
if (complaint !== null) fail(complaint)
if (!ensureInstalled(print)) fail('Tandem cannot start without its packages.')
if (!isBuilt()) {
  print('building the site …')
  const { status } = spawnSync('npm run --silent build', {
    shell: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) fail('The build failed: see its message above.')
}

const { serve } = await import('./staticServer.mjs')
try {
  const { url } = await serve({ port })
  print(`\n  Tandem is ready at ${url}\n  Stop it with Ctrl+C.\n`)
} catch (error) {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  fail(
    isTaken
      ? `Port ${port} is in use, perhaps by another Tandem: open http://localhost:${port} or stop that program.`
      : `The server did not start: ${String(error)}`,
  )
}
