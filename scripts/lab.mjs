/** `npm run --silent lab -- COMMAND …`: the headless lab. Plain Node; what it does is in src/cli/lab. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
// npm changes to the root; paths are meant from where it was called.
const folder = (process.env['npm_lifecycle_event'] === 'lab' && process.env['INIT_CWD']) || process.cwd()

/** One bundle starts in half the time of its many modules. It lies where Node finds the packages that it imports. */
async function loadLab() {
  const cache = join(root, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const outDir = mkdtempSync(join(cache, 'lab-'))
  try {
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      build: {
        ssr: 'src/cli/lab/lab.ts',
        outDir,
        minify: false,
        rolldownOptions: { output: { codeSplitting: false, entryFileNames: 'lab.js' } },
      },
    })
    /** @type {typeof import('../src/cli/lab/lab')} */
    const { lab } = await import(pathToFileURL(join(outDir, 'lab.js')).href)
    return lab
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
}

const lab = await loadLab()
process.exitCode = await lab(process.argv.slice(2), {
  folder,
  root,
  print: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
  terminal: process.stderr.isTTY ? (text) => process.stderr.write(text) : null,
  onInterrupt(stop) {
    // npm passes on what the terminal has sent already: only a later Ctrl-C ends the process at once.
    let firstMs = Infinity
    process.on('SIGINT', () => {
      if (performance.now() > firstMs + 1000) process.exit(130)
      if (firstMs === Infinity) stop()
      firstMs = Math.min(firstMs, performance.now())
    })
  },
})
