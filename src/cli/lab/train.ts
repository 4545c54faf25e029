/** `lab train SPEC.json …`: trains one lane and writes what happened. */
import { resolve } from 'node:path'
import { writeWeights } from '../../lib/core/export/weightsFile'
import type { ConsoleEntry, LaneError } from '../../lib/core/program/types'
import type { Spec } from '../../lib/core/spec/schema'
import { formatFigure, formatMs } from '../../lib/core/util/figures'
import { parseTrainArguments, type TrainArguments } from './arguments'
import { RunFigures, type Summary } from './figures'
import { startHeadless, type HeadlessOptions, type HeadlessRun, type Outcome } from './headlessRun'
import type { LabHost } from './host'
import { prepareData, readFile, readSpec } from './inputFiles'
import { OutputFolder } from './outputFolder'
import { backendFor, leaderOf, planRun, programText, type Leader } from './plan'
import { ProgressBar } from './progressBar'

const failed = 1
const interrupted = 130

/** Exit codes: 0 for a run that came to its end, 130 for one that was interrupted, 1 for one that failed. */
export async function train(args: readonly string[], host: LabHost): Promise<number> {
  const settings = parseTrainArguments(args)
  const { execution, data } = settings
  const given = readSpec('train', settings.spec, host)
  const backend = backendFor(given, settings)
  const examples = await prepareData(given, data, host)
  const { spec, steps, limit } = planRun(given, settings.length, examples)
  const leader = await initialLeader(spec, settings, host)
  const program = programText(spec, settings, leader)

  const out = settings.out === null ? null : resolve(host.folder, settings.out)
  const folder = out === null ? null : new OutputFolder(out, program)
  const figures = new RunFigures()
  const bar = host.terminal && new ProgressBar(host.terminal, steps)
  const { outcome, isInterrupted } = await runUntilInterrupted(host, {
    program,
    execution,
    backend,
    limit,
    initialWeights: leader?.weights ?? null,
    onReport(report) {
      const events = figures.add(report)
      folder?.addEvents(events)
      for (const entry of report.console) host.error(consoleLine(entry))
      bar?.show(report.step, figures.loss)
    },
    onCompiled: (report) => figures.addCompiled(report),
  })
  bar?.end()
  const fileOf = (weights: Outcome['weights']) => weights && writeWeights(weights)
  folder?.close(fileOf(outcome.initialWeights), fileOf(outcome.weights))
  if (outcome.error) {
    host.error(`lab: ${failure(outcome.error)}`)
    return failed
  }
  printSummary(figures.summary(outcome.steps), settings, host)
  return isInterrupted ? interrupted : 0
}

/** The lane that the run begins like: that of the spec, or the weights of `--init`. */
async function initialLeader(
  spec: Spec,
  { style, init }: TrainArguments,
  host: LabHost,
): Promise<Leader | null> {
  const weights = init === null ? null : { where: '--init', bytes: readFile('--init', init, host) }
  const leader = await leaderOf(spec, style, weights)
  if (leader?.note) host.error(`--init: ${leader.note}`)
  return leader
}

function printSummary(summary: Summary, { json, out }: TrainArguments, host: LabHost): void {
  if (json) host.print(JSON.stringify(summary))
  else for (const line of summaryLines(summary, out)) host.print(line)
}

interface Ended {
  readonly outcome: Outcome
  readonly isInterrupted: boolean
}

/** Runs to the end; Ctrl-C ends the run at its next batch, also while its engine still starts. */
async function runUntilInterrupted(host: LabHost, options: HeadlessOptions): Promise<Ended> {
  const wish = { isInterrupted: false }
  let run: HeadlessRun | null = null
  host.onInterrupt(() => {
    wish.isInterrupted = true
    run?.stop()
  })
  run = await startHeadless(options)
  if (wish.isInterrupted) run.stop()
  return { outcome: await run.outcome, isInterrupted: wish.isInterrupted }
}

function consoleLine({ level, text, line }: ConsoleEntry): string {
  return `${level}${line === undefined ? '' : `, line ${line}`}: ${text}`
}

function failure({ message, line }: LaneError): string {
  return line === undefined ? message : `line ${line} of the program: ${message}`
}

function summaryLines(summary: Summary, out: string | null): readonly string[] {
  const { steps, loss, metrics, microsecondsPerStep, traceMs, compileMs, nodes } = summary
  const speed = microsecondsPerStep === null ? [] : [`${formatMs(microsecondsPerStep / 1000)} per step`]
  const epoch = Object.entries(metrics).map(([name, value]) => `${name} ${formatFigure(value ?? NaN)}`)
  const graph =
    traceMs === null || compileMs === null
      ? []
      : [`${nodes ?? 0} nodes, traced in ${formatMs(traceMs)}, compiled in ${formatMs(compileMs)}`]
  return [
    [`${steps} steps`, ...(loss === null ? [] : [`loss ${formatFigure(loss)}`]), ...speed].join(', '),
    ...(epoch.length > 0 ? [`last epoch: ${epoch.join(', ')}`] : []),
    ...graph,
    out === null ? 'No files were written. Name a folder with --out DIR.' : `Files in ${out}.`,
  ]
}
