/** What the checks of `npm test` found: read from the runners' reports, printed below a stage and at the end. Plain Node. */
import { join, relative } from 'node:path'

/**
 * Something to look at: it failed, or it passed only when it was tried again.
 * @typedef {{ file: string, name: string, details: string, passedAgain?: boolean }} Problem
 */

/** @typedef {{ passed: number, failed: number, problems: Problem[], skipped?: string[] }} Outcome */

/**
 * What is read of Vitest's JSON.
 * @typedef {{ fullName: string, title: string, status: string, failureMessages?: string[] | null }} VitestTest
 * @typedef {{ name: string, status: string, message?: string, assertionResults: VitestTest[] }} VitestFile
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: VitestFile[] }} VitestReport
 */

/**
 * What is read of Playwright's JSON.
 * @typedef {{ message?: string }} PlaywrightError
 * @typedef {{ type: string, description?: string }} PlaywrightAnnotation
 * @typedef {{ status: string, annotations?: PlaywrightAnnotation[], results: { errors: PlaywrightError[] }[] }} PlaywrightTest
 * @typedef {{ title: string, file: string, ok: boolean, tests: PlaywrightTest[] }} PlaywrightSpec
 * @typedef {{ specs: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 * @typedef {{ expected: number, unexpected: number, flaky: number }} PlaywrightCounts
 * @typedef {{ config: { rootDir: string }, errors: PlaywrightError[], suites: PlaywrightSuite[], stats: PlaywrightCounts }} PlaywrightReport
 */

/** The end of what a tool printed says what is wrong; the rest is its progress. */
const mostLines = 60
/** The list at the end is to be read at a glance. */
const longestLine = 160

/** @param {string} file absolute or relative */
const short = (file) => relative(process.cwd(), file)

/**
 * @param {VitestReport} report
 * @returns {Outcome}
 */
export function readVitest(report) {
  const problems = []
  const skipped = new Set()
  let brokenFiles = 0
  for (const { name, status, message, assertionResults } of report.testResults) {
    const file = short(name)
    const failed = assertionResults.filter((test) => test.status === 'failed')
    for (const { fullName, failureMessages } of failed)
      problems.push({ file, name: fullName, details: failureMessages?.join('\n') ?? '' })
    for (const test of assertionResults) {
      if (test.status === 'skipped' || test.status === 'pending') skipped.add(`${file}: ${test.title}`)
    }
    if (status !== 'failed' || failed.length > 0) continue
    brokenFiles++
    problems.push({ file, name: 'the file as a whole', details: message ?? '' })
  }
  const failed = report.numFailedTests + brokenFiles
  return { passed: report.numPassedTests, failed, problems, skipped: [...skipped] }
}

/**
 * @param {PlaywrightReport} report
 * @returns {Outcome}
 */
export function readPlaywright(report) {
  /** @type {Problem[]} */
  const problems = report.errors.map(({ message }) => ({
    file: '',
    name: 'outside of a test',
    details: message ?? 'Playwright failed.',
  }))
  /** @type {string[]} */
  const skipped = []
  /** @param {PlaywrightSuite} suite */
  const visit = (suite) => {
    for (const { ok, title, tests, ...spec } of suite.specs) {
      const file = short(join(report.config.rootDir, spec.file))
      if (tests.some(({ status }) => status === 'skipped'))
        skipped.push(`${file}: ${title}${reasonOf(tests)}`)
      const passedAgain = ok && tests.some(({ status }) => status === 'flaky')
      if (ok && !passedAgain) continue
      const errors = tests.flatMap((test) => test.results).flatMap((result) => result.errors)
      const details = errors.map(({ message }) => message).join('\n')
      problems.push({ file, name: title, details, passedAgain })
    }
    suite.suites?.forEach(visit)
  }
  report.suites.forEach(visit)
  const { expected, unexpected, flaky } = report.stats
  return { passed: expected + flaky, failed: unexpected + report.errors.length, problems, skipped }
}

/**
 * Why a test was skipped, after a colon; empty where it does not say.
 * @param {readonly PlaywrightTest[]} tests
 */
function reasonOf(tests) {
  const reasons = tests.flatMap(({ annotations = [] }) => annotations).filter(({ type }) => type === 'skip')
  return reasons.flatMap(({ description }) => (description ? [`: ${description}`] : [])).join('')
}

/**
 * A stage in full: its line, each problem with what the tool said, and what was left out.
 * @param {string} stage
 * @param {Outcome} outcome
 * @param {string} seconds
 */
export function stageText(stage, { passed, failed, problems, skipped = [] }, seconds) {
  const verdict = failed === 0 ? 'ok    ' : 'FAILED'
  return [
    `${verdict} ${stage.padEnd(8)} ${seconds.padStart(4)} s  ${passed} passed, ${failed} failed`,
    ...problems.map((problem) => indent(`${titleOf(problem)}\n${problem.details}`)),
    ...skipped.map((title) => indent(`skipped ${title}`)),
  ].join('\n')
}

/**
 * The end of the output: one line for each problem of any stage, then the counts, alone on the last line.
 * @param {readonly { stage: string, outcome: Outcome }[]} results
 */
export function closingText(results) {
  const sum = (/** @type {'passed' | 'failed'} */ count) =>
    results.reduce((total, { outcome }) => total + outcome[count], 0)
  const lines = results.flatMap(({ stage, outcome }) =>
    outcome.problems.map((problem) => oneLine(`${stage}: ${titleOf(problem)}`)),
  )
  const list = lines.length === 0 ? [] : ['', 'To look at:', ...lines.map((line) => `  ${line}`)]
  return [...list, `${sum('passed')} passed, ${sum('failed')} failed`].join('\n')
}

/** @param {Problem} problem */
function titleOf({ file, name, passedAgain = false }) {
  const title = file === '' ? name : `${file}: ${name}`
  return passedAgain ? `${title} (passed when it was tried again)` : title
}

/** @param {string} text whose end, where a second try is mentioned, stays */
function oneLine(text) {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line.length <= longestLine) return line
  const half = longestLine / 2
  return `${line.slice(0, half)} … ${line.slice(3 - half)}`
}

/** @param {string} text */
function indent(text) {
  const [title = '', ...rest] = text.split('\n').filter((line) => !/^\s+at .*node_modules/.test(line))
  return [title, ...rest.slice(-mostLines)]
    .join('\n')
    .trimEnd()
    .split('\n')
    .map((line) => `       ${line}`)
    .join('\n')
}
