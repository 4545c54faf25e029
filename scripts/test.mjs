/** `npm test`: every check, to the end, whatever fails on the way; the last line counts. Plain Node. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { ensureInstalled, nodeComplaint } from './install.mjs'
import { closingText, readPlaywright, readVitest, stageText } from './testReport.mjs'

/** @typedef {import('./testReport.mjs').Outcome} Outcome */
/** @typedef {{ stage: string, outcome: Outcome }} Result */

const reports = 'test-results'
const minute = 60_000
/** How long a test runner may take on a busy machine. */
const runnerMinutes = 40
/** Between asking a runner to end, so that it still writes its report, and ending it. */
const graceMs = 20_000

const outOfTime = 'minutes were not enough'

/** With the installed tools in front, as in an npm script. */
const path = [resolve('node_modules/.bin'), process.env.PATH].join(delimiter)

/** @param {string} line */
const print = (line) => console.log(line)

/**
 * Runs a command line without input; ends it with all its children when it takes too long.
 * @param {string} command
 * @param {number} timeoutMs
 * @returns {Promise<{ isSuccess: boolean, output: string }>}
 */
function run(command, timeoutMs) {
  return new Promise((done) => {
    const env = {
      ...process.env,
      PATH: path,
      CI: '1',
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      npm_config_loglevel: 'error',
    }
    const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env })
    let output = ''
    let isOutOfTime = false
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    const timer = setTimeout(() => {
      isOutOfTime = true
      endGroup(child.pid, 'SIGINT')
      setTimeout(() => endGroup(child.pid, 'SIGKILL'), graceMs).unref()
    }, timeoutMs)
    child.on('close', (code) => {
      clearTimeout(timer)
      if (isOutOfTime) output += `\n${timeoutMs / minute} ${outOfTime}`
      done({ isSuccess: code === 0 && !isOutOfTime, output })
    })
  })
}

/**
 * Signals a command and all it started; it may be gone already.
 * @param {number | undefined} leader
 * @param {NodeJS.Signals} signal
 */
function endGroup(leader, signal) {
  if (leader === undefined) return
  try {
    process.kill(-leader, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/**
 * A check that passes or fails as a whole.
 * @param {string} command
 * @returns {() => Promise<Outcome>}
 */
function single(command) {
  return async () => {
    const { isSuccess, output } = await run(command, 10 * minute)
    return isSuccess ? { passed: 1, failed: 0, problems: [] } : failure(command, output)
  }
}

/**
 * @param {string} name
 * @param {string} details
 * @returns {Outcome}
 */
function failure(name, details) {
  return { passed: 0, failed: 1, problems: [{ file: '', name, details: details.trim() }] }
}

/**
 * A test runner that writes a JSON report.
 * @param {string} command
 * @param {string} report path of the report
 * @param {(report: any) => Outcome} read
 * @returns {() => Promise<Outcome>}
 */
function counted(command, report, read) {
  return async () => {
    const { isSuccess, output } = await run(command, runnerMinutes * minute)
    const outcome = existsSync(report)
      ? read(JSON.parse(readFileSync(report, 'utf8')))
      : { passed: 0, failed: 0, problems: [] }
    // A runner can fail with all of its tests green: an unhandled error, no tests found, out of time.
    if (isSuccess || (outcome.failed > 0 && !output.endsWith(outOfTime))) return outcome
    const reason = output.endsWith(outOfTime)
      ? `${runnerMinutes} ${outOfTime}`
      : 'the runner failed, not a test'
    const { failed, problems } = failure(reason, output)
    return { ...outcome, failed: outcome.failed + failed, problems: [...outcome.problems, ...problems] }
  }
}

/**
 * @param {string} stage
 * @param {() => Promise<Outcome>} check
 * @returns {Promise<Result>}
 */
async function timed(stage, check) {
  const start = performance.now()
  const outcome = await check()
  print(stageText(stage, outcome, ((performance.now() - start) / 1000).toFixed(0)))
  return { stage, outcome }
}

/** @returns {Promise<Result[]>} */
async function runStages() {
  const { ensureChromium } = await import('./chromium.mjs')
  const browserComplaint = await ensureChromium(print)
  const { ensureFirefox } = await import('./firefox.mjs')
  await ensureFirefox(print)
  const { ensureOnnxChecker } = await import('./onnxChecker.mjs')
  ensureOnnxChecker(print)
  const unitReport = join(reports, 'unit.json')
  const e2eReport = join(reports, 'e2e.json')
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports)

  const projects = browserComplaint === null ? '' : ' --project node'
  const unit = `vitest run --reporter=default --reporter=json --outputFile.json=${unitReport}${projects}`
  const e2e = `PLAYWRIGHT_JSON_OUTPUT_FILE=${e2eReport} playwright test --reporter=json`
  const results = await Promise.all([
    timed('format', single('prettier --check --log-level warn .')),
    timed('types', single('npm run --silent check')),
  ])
  results.push(await timed('lint', single('npm run --silent lint')))
  results.push(await timed('unit', counted(unit, unitReport, readVitest)))
  const build = await timed('build', single('npm run --silent build'))
  results.push(build)
  if (browserComplaint !== null) {
    results.push(await timed('browser', () => Promise.resolve(failure(browserComplaint, ''))))
  } else if (build.outcome.failed === 0) {
    results.push(await timed('e2e', counted(e2e, e2eReport, readPlaywright)))
  }
  return results
}

/** @returns {Promise<Result[]>} */
async function runAll() {
  const complaint = nodeComplaint()
  if (complaint !== null) return [{ stage: 'node', outcome: failure(complaint, '') }]
  if (!ensureInstalled(print)) return [{ stage: 'install', outcome: failure('npm ci failed', '') }]
  return runStages()
}

const results = await runAll()
print(closingText(results))
process.exitCode = results.every(({ outcome }) => outcome.failed === 0) ? 0 : 1
