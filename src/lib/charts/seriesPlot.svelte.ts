/** One live chart: draws a card's tags of both lanes, and finds the records under the cursor. */
import { at } from '$lib/core/util/at'
import { untrack } from 'svelte'
import { idle } from '$lib/state/firstPaint'
import { lazyPart } from '$lib/lazy/lazyPart.svelte'
import type { ChartCard } from './chartCards'
import {
  axisTitle,
  chartColors,
  changeMarks,
  chartOptions,
  gapMarks,
  lineDataset,
  lineWidth,
  pointRadius,
  yScale,
  type LineChart,
  type LineRole,
} from './chartOptions'
import type { ChartConstructor } from './chartLibrary'
import type { ChartView } from './chartView.svelte'
import { drawInFrame } from './frames'
import { axisEnd, laneColumns, laneMap, type ChartSource } from './source'
import { trackTheme } from './theme'
import { weightChanges } from './weightChanges'
import { SmoothedValues, trace } from './trace'
import { indexAtStep, nearestIndex, type Range } from './xAxis'

/** One for all charts of the page. */
export const chartLibrary = lazyPart('The charts', () => import('./chartLibrary'))

/** Live data redraws a chart this often at most. */
const intervalMs = 100

/** Charts about to be scrolled into view are drawn as well. */
const nearlyVisible = { rootMargin: '200px' }

/** Where the cursor meets a lane's line, in CSS pixels from the top left of the canvas. */
export interface CursorMark {
  readonly lane: 0 | 1
  readonly x: number
  readonly y: number
}

interface Line {
  readonly lane: 0 | 1
  readonly role: LineRole
  readonly tag: string
}

/** The live chart of one card. */
export class SeriesPlot {
  readonly #source: ChartSource
  readonly #view: ChartView
  readonly #card: ChartCard
  readonly #lines: readonly Line[]
  readonly #smoothed = [new SmoothedValues(), new SmoothedValues()] as const
  #chart: LineChart | null = null
  #isVisible = false
  #drawnAtMs = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined
  #marks = $state.raw<readonly CursorMark[]>([])
  readonly #isEmpty = $derived.by(() => {
    void this.#source.lanes.map((lane) => lane.seriesVersion)
    return !laneColumns(this.#source, this.#card.tag).some((columns) => columns && columns.length > 0)
  })
  #gapCount = $state(0)
  #changeCount = $state(0)

  constructor(source: ChartSource, view: ChartView, card: ChartCard) {
    this.#source = source
    this.#view = view
    this.#card = card
    this.#lines = linesOf(card)
  }

  get marks(): readonly CursorMark[] {
    return this.#marks
  }

  /** Whether nothing has been recorded yet. */
  get isEmpty(): boolean {
    return this.#isEmpty
  }

  /** Visible places with NaN or infinite values. */
  get gapCount(): number {
    return this.#gapCount
  }

  /** Places where a lane was given other weights. */
  get changeCount(): number {
    return this.#changeCount
  }

  /** Attachment for the canvas: loads Chart.js, then draws while data, view and theme change. */
  readonly attach = (canvas: HTMLCanvasElement): (() => void) => {
    let isDetached = false
    // An empty chart shows nothing of Chart.js.
    void idle().then(() => {
      chartLibrary.want()
    })
    $effect(() => {
      const { module } = chartLibrary
      if (module === undefined) return
      drawInFrame(() => {
        if (!isDetached) this.#create(module.Chart, canvas)
      })
    })
    const observer = new IntersectionObserver((entries) => {
      this.#isVisible = entries.at(-1)?.isIntersecting ?? false
      if (this.#isVisible) drawInFrame(this.#draw)
    }, nearlyVisible)
    observer.observe(canvas)
    this.#follow(canvas)
    return () => {
      isDetached = true
      observer.disconnect()
      clearTimeout(this.#timer)
      this.#chart?.destroy()
      this.#chart = null
    }
  }

  /** Puts the shared cursor on the record that is drawn closest to `pixel`, measured along the axis. */
  pointAt(pixel: number): void {
    const scale = this.#chart?.scales.x
    if (scale === undefined) return
    let closest = Infinity
    let step: number | null = null
    for (const [index, columns] of laneColumns(this.#source, this.#card.tag).entries()) {
      const lane = this.#source.lanes[index as 0 | 1]
      if (columns === undefined || columns.length === 0) continue
      const map = laneMap(this.#source, lane, this.#view.axis)
      const found = nearestIndex(
        columns[map.column],
        columns.length,
        map.inverse(scale.getValueForPixel(pixel) ?? 0),
      )
      const x = scale.getPixelForValue(map.forward(at(columns[map.column], found)))
      if (Math.abs(x - pixel) >= closest) continue
      closest = Math.abs(x - pixel)
      step = columns.steps[found] ?? null
    }
    this.#view.cursorStep = step
  }

  /** Moves the cursor by a share of the visible width, as arrow keys do; starts from the right edge. */
  moveCursor(share: number): void {
    const scale = this.#chart?.scales.x
    if (scale === undefined) return
    const mark = this.#marks[0]
    const before = this.#view.cursorStep
    const from = mark === undefined ? scale.right : mark.x
    this.pointAt(Math.min(Math.max(scale.left, from + share * scale.width), scale.right))
    if (before !== null && this.#view.cursorStep === before) this.#stepCursor(Math.sign(share))
  }

  /** To the neighbouring record, when those are further apart than a key press moves. */
  #stepCursor(direction: number): void {
    const columns = laneColumns(this.#source, this.#card.tag).find((lane) => lane !== undefined)
    const step = this.#view.cursorStep
    if (columns === undefined || step === null) return
    this.#view.cursorStep = columns.steps[indexAtStep(columns, step) + direction] ?? step
  }

  #create(Chart: ChartConstructor, canvas: HTMLCanvasElement): void {
    const colors = chartColors(canvas)
    this.#chart = new Chart(canvas, {
      type: 'line' as const,
      data: { datasets: this.#lines.map(({ lane, role }) => lineDataset(lane, role, colors)) },
      options: chartOptions(this.#card, colors, () => this.#takeRange()),
      plugins: [gapMarks, changeMarks],
    })
    drawInFrame(this.#draw)
  }

  #follow(canvas: HTMLCanvasElement): void {
    $effect(() => {
      trackTheme()
      untrack(() => this.#recolor(canvas))
    })
    $effect(() => {
      void [this.#view.axis, this.#view.isLogarithmic, this.#view.smoothing, this.#view.range(0)]
      drawInFrame(this.#draw)
    })
    $effect(() => {
      void this.#source.lanes.map((lane) => [lane.seriesVersion, lane.texts])
      untrack(() => this.#drawSoon())
    })
    $effect(() => {
      const step = this.#view.cursorStep
      untrack(() => this.#placeMarks(step))
    })
  }

  #drawSoon(): void {
    clearTimeout(this.#timer)
    const waitMs = this.#drawnAtMs + intervalMs - performance.now()
    this.#timer = setTimeout(() => drawInFrame(this.#draw), Math.max(0, waitMs))
  }

  readonly #draw = (): void => {
    const chart = this.#chart
    if (chart === null || !this.#isVisible) return
    this.#drawnAtMs = performance.now()
    const end = axisEnd(this.#source, this.#view.axis)
    const range = this.#view.range(end > 0 ? end : 1)
    const buckets = Math.max(50, 0.75 * chart.width)
    for (const [index, line] of this.#lines.entries()) this.#fill(chart, index, line, range, buckets)
    const { x } = chart.options.scales ?? {}
    if (x?.type === 'linear') Object.assign(x, range)
    if (x?.type === 'linear' && x.title) x.title.text = axisTitle(this.#view.axis)
    this.#switchYScale(chart)
    // Without a mode: 'none' would keep the first options of points. Nothing is animated either way.
    chart.update()
    this.#gapCount = countOf(chart, 'gaps')
    this.#changeCount = countOf(chart, 'changes')
    this.#placeMarks(this.#view.cursorStep)
  }

  #fill(chart: LineChart, index: number, line: Line, range: Range, buckets: number): void {
    const dataset = chart.data.datasets[index]
    const lane = this.#source.lanes[line.lane]
    const columns = lane.series.get(line.tag)
    if (dataset === undefined) return
    const map = laneMap(this.#source, lane, this.#view.axis)
    dataset.changes = line.role === 'main' ? weightChanges(lane.texts, map) : []
    if (columns === undefined || (line.role === 'raw' && !this.#isSmoothing)) {
      dataset.data = []
      dataset.gaps = []
      return
    }
    const values = line.role === 'main' ? this.#drawnValues(line.lane) : undefined
    const { points, gaps } = trace(columns, {
      map,
      range,
      buckets,
      positiveOnly: this.#isLogarithmic,
      ...(values && { values }),
    })
    dataset.data = points
    dataset.gaps = line.role === 'main' ? gaps : []
    dataset.pointRadius = pointRadius(points.length, line.role)
    dataset.borderWidth = lineWidth(
      line.lane,
      line.role,
      this.#isSmoothing ? 0.5 : points.length / chart.width,
    )
  }

  get #isSmoothing(): boolean {
    return this.#card.canBeSmoothed && this.#view.smoothing > 0
  }

  get #isLogarithmic(): boolean {
    return this.#card.canBeLogarithmic && this.#view.isLogarithmic
  }

  /** What the main line of a lane shows: averages, or the values as recorded. */
  #drawnValues(lane: 0 | 1): ArrayLike<number> | undefined {
    const columns = this.#source.lanes[lane].series.get(this.#card.tag)
    if (columns === undefined || !this.#isSmoothing) return columns?.values
    return this.#smoothed[lane].of(columns, this.#view.smoothing)
  }

  #switchYScale(chart: LineChart): void {
    const scales = chart.options.scales
    const type = this.#isLogarithmic ? 'logarithmic' : 'linear'
    if (scales === undefined || scales.y?.type === type) return
    scales.y = yScale(this.#card, chartColors(chart.canvas), this.#isLogarithmic)
  }

  #placeMarks(step: number | null): void {
    const { x, y } = this.#chart?.scales ?? {}
    if (step === null || x === undefined || y === undefined) {
      if (this.#marks.length > 0) this.#marks = []
      return
    }
    this.#marks = ([0, 1] as const).flatMap((lane) => {
      const columns = this.#source.lanes[lane].series.get(this.#card.tag)
      const index = columns === undefined ? -1 : indexAtStep(columns, step)
      if (columns === undefined || index < 0) return []
      const map = laneMap(this.#source, this.#source.lanes[lane], this.#view.axis)
      const left = x.getPixelForValue(map.forward(at(columns[map.column], index)))
      const top = y.getPixelForValue(this.#drawnValues(lane)?.[index] ?? NaN)
      return left < x.left - 1 || left > x.right + 1 ? [] : [{ lane, x: left, y: top }]
    })
  }

  #takeRange(): void {
    const scale = this.#chart?.scales.x
    if (scale === undefined) return
    this.#view.show({ min: scale.min, max: scale.max }, axisEnd(this.#source, this.#view.axis))
  }

  #recolor(canvas: HTMLCanvasElement): void {
    const chart = this.#chart
    if (chart === null) return
    const colors = chartColors(canvas)
    const { data } = chart
    data.datasets = this.#lines.map(({ lane, role }) => lineDataset(lane, role, colors))
    chart.options = chartOptions(this.#card, colors, () => this.#takeRange())
    // Until an update, reading the options gives the ones before.
    chart.update()
    drawInFrame(this.#draw)
  }
}

/** How many marks of a kind the lines of a chart have. */
function countOf({ data }: LineChart, kind: 'gaps' | 'changes'): number {
  return data.datasets.reduce((sum, dataset) => sum + (dataset[kind]?.length ?? 0), 0)
}

function linesOf(card: ChartCard): Line[] {
  const lanes = [0, 1] as const
  const tags: readonly (readonly [LineRole, string | undefined])[] = [
    ['raw', card.canBeSmoothed ? card.tag : undefined],
    ['main', card.tag],
    ['secondary', card.secondaryTag],
  ]
  return tags.flatMap(([role, tag]) => (tag === undefined ? [] : lanes.map((lane) => ({ lane, role, tag }))))
}
