import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { closingText, readPlaywright, readVitest, stageText } from './testReport.mjs'

const root = process.cwd()

/** @param {string} title @param {string} status @param {string[]} failureMessages */
const test = (title, status, failureMessages = []) => ({
  fullName: `adam ${title}`,
  title,
  status,
  failureMessages,
})

const unit = readVitest({
  numPassedTests: 7,
  numFailedTests: 1,
  testResults: [
    {
      name: join(root, 'src/adam.test.ts'),
      status: 'failed',
      assertionResults: [
        test('steps', 'failed', ['Error: expected 1, got 2\n    at run (node_modules/vitest/x.js:1:1)']),
        test('is fast', 'passed'),
        test('the official checker: needs python3', 'skipped'),
        test('the official checker: needs python3', 'skipped'),
      ],
    },
    {
      name: join(root, 'src/broken.test.ts'),
      status: 'failed',
      message: 'Unexpected token',
      assertionResults: [],
    },
  ],
})

/** @param {string} title @param {readonly string[]} tries @param {{ status: string, ok: boolean }} verdict */
const spec = (title, tries, { status, ok }) => ({
  title,
  file: 'page.spec.ts',
  ok,
  tests: [
    {
      status,
      results: tries.map((one) => ({ errors: one === 'failed' ? [{ message: `${title}: no` }] : [] })),
    },
  ],
})

const e2e = readPlaywright({
  config: { rootDir: join(root, 'tests/e2e') },
  errors: [],
  stats: { expected: 4, unexpected: 1, flaky: 1 },
  suites: [
    {
      specs: [spec('opens', ['failed', 'passed'], { status: 'flaky', ok: true })],
      suites: [
        {
          specs: [
            spec('closes', ['failed', 'failed'], { status: 'unexpected', ok: false }),
            spec('prints', ['passed'], { status: 'expected', ok: true }),
            spec('needs python3', ['skipped'], { status: 'skipped', ok: true }),
          ],
        },
      ],
    },
  ],
})

const green = { passed: 1, failed: 0, problems: [] }

describe('reports', () => {
  it('of Vitest: failed tests, files that do not load, what was skipped, once each', () => {
    expect(unit).toMatchObject({ passed: 7, failed: 2 })
    expect(unit.problems.map(({ file, name }) => [file, name])).toEqual([
      ['src/adam.test.ts', 'adam steps'],
      ['src/broken.test.ts', 'the file as a whole'],
    ])
    expect(unit.skipped).toEqual(['src/adam.test.ts: the official checker: needs python3'])
  })

  it('of Playwright: failed tests and those that passed the second time', () => {
    expect(e2e).toMatchObject({ passed: 5, failed: 1, skipped: ['tests/e2e/page.spec.ts: needs python3'] })
    expect(e2e.problems.map(({ name, passedAgain }) => [name, passedAgain])).toEqual([
      ['opens', true],
      ['closes', false],
    ])
  })

  it('of Playwright: why a test was skipped', () => {
    const reason = { type: 'skip', description: 'there is no Firefox' }
    const tests = [{ status: 'skipped', annotations: [reason], results: [] }]
    const { skipped } = readPlaywright({
      config: { rootDir: root },
      errors: [],
      stats: { expected: 0, unexpected: 0, flaky: 0 },
      suites: [{ specs: [{ title: 'trains', file: 'firefox.spec.ts', ok: true, tests }] }],
    })
    expect(skipped).toEqual(['firefox.spec.ts: trains: there is no Firefox'])
  })

  it('of Playwright: what fails outside of a test', () => {
    const { failed, problems } = readPlaywright({
      config: { rootDir: root },
      errors: [{ message: 'No build.' }],
      stats: { expected: 0, unexpected: 0, flaky: 0 },
      suites: [],
    })
    expect([failed, problems]).toEqual([1, [{ file: '', name: 'outside of a test', details: 'No build.' }]])
  })
})

describe('a stage', () => {
  it('shows what its tools said, without the way through packages', () => {
    expect(stageText('unit', unit, '12')).toBe(
      [
        'FAILED unit       12 s  7 passed, 2 failed',
        '       src/adam.test.ts: adam steps',
        '       Error: expected 1, got 2',
        '       src/broken.test.ts: the file as a whole',
        '       Unexpected token',
        '       skipped src/adam.test.ts: the official checker: needs python3',
      ].join('\n'),
    )
  })

  it('shows the end of a long output, below what it is of', () => {
    const details = Array.from({ length: 500 }, (_, line) => `line ${line}`).join('\n')
    const problem = { file: '', name: 'npm run lint', details }
    const lines = stageText('lint', { passed: 0, failed: 1, problems: [problem] }, '3').split('\n')
    expect([lines.length, lines[1]?.trim(), lines.at(-1)?.trim()]).toEqual([62, 'npm run lint', 'line 499'])
  })
})

describe('the end', () => {
  it('names what failed and what passed at a second try, and closes with the counts alone', () => {
    const results = [
      { stage: 'format', outcome: green },
      { stage: 'unit', outcome: unit },
      { stage: 'e2e', outcome: e2e },
    ]
    expect(closingText(results)).toBe(
      [
        '',
        'To look at:',
        '  unit: src/adam.test.ts: adam steps',
        '  unit: src/broken.test.ts: the file as a whole',
        '  e2e: tests/e2e/page.spec.ts: opens (passed when it was tried again)',
        '  e2e: tests/e2e/page.spec.ts: closes',
        '13 passed, 3 failed',
      ].join('\n'),
    )
  })

  it('is the counts alone where there is nothing to look at', () => {
    expect(closingText([{ stage: 'lint', outcome: green }])).toBe('1 passed, 0 failed')
  })

  it('keeps a line for each problem, however long its name', () => {
    const name = `a\nname of ${'very '.repeat(100)}many words`
    const problem = { file: 'x.test.ts', name, details: '', passedAgain: true }
    const [, , line = '', last] = closingText([
      { stage: 'e2e', outcome: { passed: 1, failed: 0, problems: [problem] } },
    ]).split('\n')
    expect(line.length).toBeLessThanOrEqual(170)
    expect(line).toMatch(
      /^ {2}e2e: x\.test\.ts: a name of .* … .*many words \(passed when it was tried again\)$/,
    )
    expect(last).toBe('1 passed, 0 failed')
  })
})
