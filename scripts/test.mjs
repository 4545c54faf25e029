/** `npm test`: every check, to the end, whatever fails on the way; the last line counts. Plain Node. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { ensureInstalled, nodeComplaint } from './install.mjs'

/** @typedef {{ passed: number, failed: number, complaints: string[] }} Outcome */

const reports = 'test-results'
const minute = 60_000
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
    return isSuccess
      ? { passed: 1, failed: 0, complaints: [] }
      : { passed: 0, failed: 1, complaints: [output.trim()] }
  }
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
    const { isSuccess, output } = await run(command, 25 * minute)
    const outcome = existsSync(report)
      ? read(JSON.parse(readFileSync(report, 'utf8')))
      : { passed: 0, failed: 0, complaints: [] }
    // A runner can fail with all of its tests green: an unhandled error, no tests found, out of time.
    if (isSuccess || (outcome.failed > 0 && !output.endsWith(outOfTime))) return outcome
    return {
      ...outcome,
      failed: outcome.failed + 1,
      complaints: [...outcome.complaints, output.trim()],
    }
  }
}

/**
 * @param {import('vitest/reporters').JsonTestResults} report
 * @returns {Outcome}
 */
function readVitest(report) {
  const complaints = []
  let brokenFiles = 0
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((test) => test.status === 'failed')
    for (const test of failed)
      complaints.push(`${file.name}: ${test.fullName}\n${test.failureMessages?.join('\n')}`)
    if (file.status !== 'failed' || failed.length > 0) continue
    brokenFiles++
    complaints.push(`${file.name}\n${file.message}`)
  }
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles, complaints }
}

/**
 * @param {import('@playwright/test/reporter').JSONReport} report
 * @returns {Outcome}
 */
function readPlaywright(report) {
  const complaints = report.errors.map((error) => error.message ?? 'Playwright failed outside of a test.')
  /** @param {import('@playwright/test/reporter').JSONReportSuite} suite */
  const visit = (suite) => {
    for (const { ok, title, tests } of suite.specs) {
      const errors = tests.flatMap((test) => test.results).flatMap((result) => result.errors)
      if (errors.length === 0) continue
      const verdict = ok ? ' (passed when it was tried again)' : ''
      complaints.push(`${suite.file}: ${title}${verdict}\n${errors.map(({ message }) => message).join('\n')}`)
    }
    suite.suites?.forEach(visit)
  }
  report.suites.forEach(visit)
  const { expected, unexpected, flaky } = report.stats
  return { passed: expected + flaky, failed: unexpected + report.errors.length, complaints }
}

/**
 * @param {string} name
 * @param {() => Promise<Outcome>} stage
 * @returns {Promise<Outcome>}
 */
async function timed(name, stage) {
  const start = performance.now()
  const outcome = await stage()
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const verdict = outcome.failed === 0 ? 'ok    ' : 'FAILED'
  print(
    `${verdict} ${name.padEnd(8)} ${seconds.padStart(4)} s  ${outcome.passed} passed, ${outcome.failed} failed`,
  )
  for (const complaint of outcome.complaints) print(indent(complaint))
  return outcome
}

/** @param {string} text the last lines of what a tool printed; the rest is its progress */
function indent(text) {
  return text
    .split('\n')
    .filter((line) => !/^\s+at .*node_modules/.test(line))
    .slice(-60)
    .map((line) => `       ${line}`)
    .join('\n')
}

/** @returns {Promise<Outcome[]>} */
async function runStages() {
  const { ensureChromium } = await import('./chromium.mjs')
  const browserComplaint = await ensureChromium(print)
  const { ensureOnnxChecker } = await import('./onnxChecker.mjs')
  ensureOnnxChecker(print)
  const unitReport = join(reports, 'unit.json')
  const e2eReport = join(reports, 'e2e.json')
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports)

  const projects = browserComplaint === null ? '' : ' --project node'
  const unit = `vitest run --reporter=default --reporter=json --outputFile.json=${unitReport}${projects}`
  const e2e = `PLAYWRIGHT_JSON_OUTPUT_FILE=${e2eReport} playwright test --reporter=json`
  const outcomes = await Promise.all([
    timed('format', single('prettier --check --log-level warn .')),
    timed('types', single('npm run --silent check')),
  ])
  outcomes.push(await timed('lint', single('npm run --silent lint')))
  outcomes.push(await timed('unit', counted(unit, unitReport, readVitest)))
  const build = await timed('build', single('npm run --silent build'))
  outcomes.push(build)
  if (browserComplaint !== null) {
    outcomes.push({ passed: 0, failed: 1, complaints: [] })
    print(`FAILED browser  ${browserComplaint}`)
  } else if (build.failed === 0) {
    outcomes.push(await timed('e2e', counted(e2e, e2eReport, readPlaywright)))
  }
  return outcomes
}

const complaint = nodeComplaint()
if (complaint !== null) print(complaint)
const isReady = complaint === null && ensureInstalled(print)
const outcomes = isReady ? await runStages() : [{ passed: 0, failed: 1 }]
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0)
print(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
