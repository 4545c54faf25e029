/** Callbacks that keep something of a training: weights, tables, events, and the learning rate of each epoch. */
import { currentRun } from '../events/currentRun'
import { readBack } from '../eager/readBack'
import { ArgumentError } from '../util/errors'
import { Callback, type Logs } from './callbacks'
import { readTextFile, writeTextFile, writeWeightsFile } from './memoryFiles'
import { MonitorCallback, type MonitorOptions } from './monitor'
import { assertOptions } from './names'

export interface ModelCheckpointOptions extends MonitorOptions {
  /** True to keep only what is better than all before. */
  readonly saveBestOnly?: boolean
  /** `epoch`, or a number of batches. */
  readonly saveFreq?: 'epoch' | number
  /** What has to be bettered before anything is kept. */
  readonly initialValueThreshold?: number | null
}

/**
 * Keeps the weights of the model under a path, which may hold `{epoch}` (from 1) and figures such as `{valLoss}`; they are
 * read by `model.loadWeights(path)`. There is no disk in a browser: they last as long as the lane. Only weights are kept,
 * not the layers. Source: keras.callbacks.ModelCheckpoint.
 */
export class ModelCheckpoint extends MonitorCallback {
  readonly #saveBestOnly: boolean
  readonly #saveFreq: 'epoch' | number
  #batches = 0
  #epoch = 0
  /** Where weights were kept last; empty before. */
  lastPath = ''

  constructor(
    readonly filepath: string,
    options: ModelCheckpointOptions = {},
  ) {
    const known = ['monitor', 'mode', 'saveBestOnly', 'saveFreq', 'initialValueThreshold']
    assertOptions('ModelCheckpoint', options, known)
    super('ModelCheckpoint', options, { best: options.initialValueThreshold ?? null })
    const { saveBestOnly = false, saveFreq = 'epoch' } = options
    if (saveFreq !== 'epoch' && !(Number.isInteger(saveFreq) && saveFreq > 0)) {
      throw new ArgumentError(
        `ModelCheckpoint: expected saveFreq 'epoch' or a number of batches, got ${saveFreq}. Use 'epoch'.`,
      )
    }
    this.#saveBestOnly = saveBestOnly
    this.#saveFreq = saveFreq
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

export interface CSVLoggerOptions {
  readonly separator?: string
  /** True to go on with what was written under that name before. */
  readonly append?: boolean
}

/**
 * A table with one row of figures for each epoch, in `text`. There is no disk in a browser: print it, or copy it from the
 * console. Source: keras.callbacks.CSVLogger.
 */
export class CSVLogger extends Callback {
  readonly #separator: string
  readonly #append: boolean
  #columns: readonly string[] = []

  constructor(
    readonly filename: string,
    options: CSVLoggerOptions = {},
  ) {
    assertOptions('CSVLogger', options, ['separator', 'append'])
    super()
    this.#separator = options.separator ?? ','
    this.#append = options.append ?? false
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

export interface TensorBoardOptions {
  /** Kept for the sake of the name: events go to the run. */
  readonly logDir?: string
  /** `epoch`, or batches from one event to the next (`batch` for 1). */
  readonly updateFreq?: 'epoch' | 'batch' | number
  /** Epochs from one record of the weights to the next; 0 for none. */
  readonly histogramFreq?: number
}

/**
 * Writes events of the run, which the charts show and which it saves for TensorBoard: beside the losses and metrics that
 * `fit` writes by itself, the learning rate, and mean and standard deviation of each weight. Source: keras.callbacks.TensorBoard.
 */
export class TensorBoard extends Callback {
  readonly #every: number | null
  readonly #histogramFreq: number
  #batches = 0

  constructor(options: TensorBoardOptions = {}) {
    assertOptions('TensorBoard', options, ['logDir', 'updateFreq', 'histogramFreq'])
    super()
    const { updateFreq = 'epoch', histogramFreq = 0 } = options
    if (typeof updateFreq === 'string' ? !['epoch', 'batch'].includes(updateFreq) : !(updateFreq > 0)) {
      throw new ArgumentError(
        `TensorBoard: expected updateFreq 'epoch', 'batch' or a number of batches, got ${updateFreq}. Use 'epoch'.`,
      )
    }
    this.#every = updateFreq === 'epoch' ? null : updateFreq === 'batch' ? 1 : updateFreq
    this.#histogramFreq = histogramFreq
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

/** Sets the learning rate at the beginning of each epoch. Source: keras.callbacks.LearningRateScheduler. */
export class LearningRateScheduler extends Callback {
  constructor(private readonly schedule: EpochSchedule) {
    super()
  }

  override onEpochBegin(epoch: number): void {
    const optimizer = this.model?.optimizer
    if (!optimizer) return
    const learningRate: unknown = this.schedule(epoch, optimizer.learningRate)
    if (typeof learningRate !== 'number') {
      throw new ArgumentError(
        `LearningRateScheduler: expected the schedule to give a number, got ${typeof learningRate}. Return the learning rate.`,
      )
    }
    optimizer.learningRate = learningRate
  }

  override onEpochEnd(_epoch: number, logs: Record<string, number>): void {
    logs['learningRate'] = this.model?.optimizer?.learningRate ?? NaN
  }
}
