/** Callbacks that keep something of a training: weights, tables, events, and the learning rate of each epoch. */
import { currentRun } from '../events/currentRun'
import { readBack } from '../eager/readBack'
import { ArgumentError } from '../util/errors'
import { Callback, type Logs } from './callbacks'
import { readTextFile, writeTextFile, writeWeightsFile } from './memoryFiles'
import { callable, flag, integers, number, only, taking, text } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { notNegative, verbosity } from './kinds'
import { isSpeaking, MonitorCallback, monitorParameters } from './monitor'

const modelCheckpoint = parameters('ModelCheckpoint', {
  /** May hold {epoch} (from 1) and figures such as {valLoss}. */
  filepath: text,
  monitor: monitorParameters.monitor,
  verbose: monitorParameters.verbose,
  /** True to keep only what is better than all before. */
  saveBestOnly: flag.or(false),
  /** Has no effect: only weights are kept, not the layers. */
  saveWeightsOnly: flag.or(false).unused('only weights are kept'),
  mode: monitorParameters.mode,
  /** 'epoch', or a number of batches. */
  saveFreq: taking<'epoch' | number>(
    "'epoch' or a number of batches",
    (value) => value === 'epoch' || (Number.isInteger(value) && (value as number) > 0),
  ).or('epoch'),
  /** What has to be bettered before anything is kept. */
  initialValueThreshold: number.or(null),
})

/**
 * Keeps the weights of the model under a path, which may hold `{epoch}` (from 1) and figures such as `{valLoss}`; they are
 * read by `model.loadWeights(path)`. There is no disk in a browser: they last as long as the lane. Only weights are kept,
 * not the layers. Source: keras.callbacks.ModelCheckpoint.
 */
export class ModelCheckpoint extends MonitorCallback {
  readonly filepath: string
  readonly #saveBestOnly: boolean
  readonly #saveFreq: 'epoch' | number
  #batches = 0
  #epoch = 0
  /** Where weights were kept last; empty before. */
  lastPath = ''

  constructor(...given: Given<typeof modelCheckpoint.table>) {
    const options = modelCheckpoint.read(given)
    super('ModelCheckpoint', options, { best: options.initialValueThreshold })
    this.filepath = options.filepath
    this.#saveBestOnly = options.saveBestOnly
    this.#saveFreq = options.saveFreq
  }

  override get readsBatches(): boolean {
    return this.#saveFreq !== 'epoch'
  }

  override onEpochBegin(epoch: number): void {
    this.#epoch = epoch
  }

  override async onTrainBatchEnd(_batch: number, logs: Logs): Promise<void> {
    this.#batches++
    if (this.#saveFreq !== 'epoch' && this.#batches % this.#saveFreq === 0) await this.#save(logs)
  }

  override async onEpochEnd(_epoch: number, logs: Logs): Promise<void> {
    if (this.#saveFreq === 'epoch') await this.#save(logs)
  }

  async #save(logs: Logs): Promise<void> {
    if (!this.model) return
    if (this.#saveBestOnly) {
      const current = this.current(logs)
      if (current === null || !this.isImprovement(current, this.best)) return
      this.best = current
    }
    this.lastPath = filled(this.filepath, { epoch: this.#epoch + 1, ...logs })
    this.say(this.#epoch, `saving model to ${this.lastPath}`)
    writeWeightsFile(this.lastPath, await this.model.weights())
  }
}

/** `{valLoss}` and `{valLoss:.2f}` by their figures, as Python's format does. */
function filled(path: string, figures: Logs): string {
  return path.replaceAll(
    /\{(\w+)(?::(?:0(\d+)d|\.(\d+)f))?\}/g,
    (_, name: string, width?: string, digits?: string) => {
      const value = figures[name]
      if (value === undefined) {
        throw new ArgumentError(
          `ModelCheckpoint: expected figures ${Object.keys(figures).join(', ')} in the path, got '${name}'. Use one of these.`,
        )
      }
      if (digits !== undefined) return value.toFixed(Number(digits))
      return String(value).padStart(Number(width ?? 0), '0')
    },
  )
}

const csvLogger = parameters('CSVLogger', {
  /** Name of the table. */
  filename: text,
  /** Between the cells of a row. */
  separator: text.or(','),
  /** True to go on with what was written under that name before. */
  append: flag.or(false),
})

/**
 * A table with one row of figures for each epoch, in `text`. There is no disk in a browser: print it, or copy it from the
 * console. Source: keras.callbacks.CSVLogger.
 */
export class CSVLogger extends Callback {
  readonly filename: string
  readonly #separator: string
  readonly #append: boolean
  #columns: readonly string[] = []

  constructor(...given: Given<typeof csvLogger.table>) {
    const { filename, separator, append } = csvLogger.read(given)
    super()
    this.filename = filename
    this.#separator = separator
    this.#append = append
  }

  /** The table so far. */
  get text(): string {
    return readTextFile(this.filename)
  }

  override onTrainBegin(): void {
    if (!this.#append) writeTextFile(this.filename, '')
    const [heading = ''] = this.text.split('\n', 1)
    this.#columns = heading === '' ? [] : heading.split(this.#separator).slice(1)
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    if (this.#columns.length === 0) {
      this.#columns = Object.keys(logs).sort()
      this.#write(['epoch', ...this.#columns])
    }
    this.#write([epoch, ...this.#columns.map((name) => logs[name] ?? 'NA')])
  }

  #write(cells: readonly (string | number)[]): void {
    writeTextFile(this.filename, `${this.text}${cells.join(this.#separator)}\n`)
  }
}

const tensorBoard = parameters('TensorBoard', {
  /** Has no effect: events go to the run. */
  logDir: text.or('logs').unused('events go to the run'),
  /** Epochs from one record of the weights to the next; 0 for none. */
  histogramFreq: notNegative.or(0),
  /** Has no effect: the page shows the graph. */
  writeGraph: flag.or(true).unused('the page shows the graph'),
  /** Weights are not drawn as images. */
  writeImages: only(false, 'Leave it out: weights are not drawn as images here.'),
  /** Has no effect: the page shows the steps per second. */
  writeStepsPerSecond: flag.or(false).unused('the page shows the steps per second'),
  /** 'epoch', or batches from one event to the next ('batch' for 1). */
  updateFreq: taking<'epoch' | 'batch' | number>(
    "'epoch', 'batch' or a number of batches",
    (value) => value === 'epoch' || value === 'batch' || (Number.isInteger(value) && (value as number) > 0),
  ).or('epoch'),
  /** Has no effect: the page shows what steps cost. */
  profileBatch: integers.or(0).unused('the page shows what steps cost'),
  /** Embeddings are not drawn. */
  embeddingsFreq: only(0, 'Leave it out: embeddings are not drawn here.'),
  /** Embeddings are not drawn. */
  embeddingsMetadata: only(null, 'Leave it out: embeddings are not drawn here.'),
})

/**
 * Writes events of the run, which the charts show and which it saves for TensorBoard: beside the losses and metrics that
 * `fit` writes by itself, the learning rate, and mean and standard deviation of each weight. Source: keras.callbacks.TensorBoard.
 */
export class TensorBoard extends Callback {
  readonly #every: number | null
  readonly #histogramFreq: number
  #batches = 0

  constructor(...given: Given<typeof tensorBoard.table>) {
    const { updateFreq, histogramFreq } = tensorBoard.read(given)
    super()
    this.#every = updateFreq === 'epoch' ? null : updateFreq === 'batch' ? 1 : updateFreq
    this.#histogramFreq = histogramFreq
  }

  override get readsBatches(): boolean {
    return false
  }

  override onTrainBatchEnd(): void {
    this.#batches++
    if (this.#every === null || this.#batches % this.#every !== 0) return
    currentRun().log({ learningRate: this.model?.optimizer?.learningRate ?? NaN })
  }

  override async onEpochEnd(epoch: number): Promise<void> {
    const { model } = this
    if (!model) return
    const figures: Record<string, number> = { learningRate: model.optimizer?.learningRate ?? NaN }
    if (this.#histogramFreq > 0 && epoch % this.#histogramFreq === 0) {
      for (const { name, variable } of model.trainableVariables) {
        const { mean, std } = spread(await readBack(variable))
        figures[`${name}/mean`] = mean
        figures[`${name}/std`] = std
      }
    }
    currentRun().log({ epoch: epoch + 1, ...figures })
  }
}

function spread(values: ArrayLike<number>): { mean: number; std: number } {
  const list = Array.from(values)
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length
  const variance = list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length
  return { mean, std: Math.sqrt(variance) }
}

/** What `LearningRateScheduler` asks: the learning rate of an epoch, from 0, after the one of the epoch before. */
export type EpochSchedule = (epoch: number, learningRate: number) => number

const learningRateScheduler = parameters('LearningRateScheduler', {
  /** Gives the learning rate of an epoch, from 0, after the one of the epoch before. */
  schedule: callable<EpochSchedule>(),
  /** Above 0 for a line in the console each epoch. */
  verbose: verbosity.or(0),
})

/** Sets the learning rate at the beginning of each epoch. Source: keras.callbacks.LearningRateScheduler. */
export class LearningRateScheduler extends Callback {
  readonly #schedule: EpochSchedule
  readonly #isSpeaking: boolean

  constructor(...given: Given<typeof learningRateScheduler.table>) {
    const { schedule, verbose } = learningRateScheduler.read(given)
    super()
    this.#schedule = schedule
    this.#isSpeaking = isSpeaking(verbose)
  }

  override onEpochBegin(epoch: number): void {
    const optimizer = this.model?.optimizer
    if (!optimizer) return
    const learningRate: unknown = this.#schedule(epoch, optimizer.learningRate)
    if (typeof learningRate !== 'number') {
      throw new ArgumentError(
        `LearningRateScheduler: expected the schedule to give a number, got ${typeof learningRate}. Return the learning rate.`,
      )
    }
    optimizer.learningRate = learningRate
    if (this.#isSpeaking) {
      currentRun().print(
        `Epoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${learningRate}.`,
      )
    }
  }

  override onEpochEnd(_epoch: number, logs: Record<string, number>): void {
    logs['learningRate'] = this.model?.optimizer?.learningRate ?? NaN
  }
}
