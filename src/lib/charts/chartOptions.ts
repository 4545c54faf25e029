/** How charts look in Chart.js terms: axes, lines and interaction. No data here. */
import type { Chart, ChartDataset, ChartOptions, Plugin } from 'chart.js'
import type { ChartCard } from './chartCards'
import { formatPercentTick, formatTick, isLabelledOnLogAxis } from './ticks'
import { readColors, withAlpha } from './theme'
import type { TracePoint } from './trace'
import type { XAxis } from './xAxis'

declare module 'chart.js' {
  interface LineControllerDatasetOptions {
    /** Where the lane's values were NaN or infinite, in axis units. */
    gaps?: readonly number[]
    /** Where the lane got other weights. */
    changes?: readonly number[]
  }
}

/** A line chart of Chart.js over our points. */
export type LineChart = Chart<'line', TracePoint[]>
/** One line of such a chart. */
export type LineDataset = ChartDataset<'line', TracePoint[]>

/** Colours of a chart by what they are for. */
export interface ChartColors {
  readonly lanes: readonly [a: string, b: string]
  readonly grid: string
  readonly axis: string
  readonly accent: string
}

/** The page's colours for the chart on `canvas`. */
export function chartColors(canvas: HTMLCanvasElement): ChartColors {
  const host = canvas.parentElement ?? document.body
  const tokens = ['--lane-a', '--lane-b', '--chart-grid', '--chart-axis', '--accent'] as const
  const colors = readColors(host, tokens)
  return {
    lanes: [colors['--lane-a'], colors['--lane-b']],
    grid: colors['--chart-grid'],
    axis: colors['--chart-axis'],
    accent: colors['--accent'],
  }
}

/** What a line shows: `raw` lies behind its moving average, `secondary` beside the main line. */
export type LineRole = 'raw' | 'main' | 'secondary'

/** Lane B's dashes leave lane A's line visible where the two coincide. */
const dashes = {
  main: [[], [9, 6]],
  raw: [[], []],
  secondary: [
    [1, 4],
    [1, 4],
  ],
} as const
/** Lane B lies over A, where its dashes show both; averages lie over what they average. */
const order = { main: [1, 0], secondary: [3, 2], raw: [5, 4] } as const
const axisTitles = { step: 'step', epoch: 'epoch', time: 'seconds of training' } as const
const fontSize = 13
const yAxisWidth = 58

/** An empty line of a lane. */
export function lineDataset(lane: 0 | 1, role: LineRole, colors: ChartColors): LineDataset {
  const color = colors.lanes[lane]
  return {
    data: [],
    borderColor: role === 'raw' ? withAlpha(color, 0.28) : color,
    backgroundColor: color,
    borderWidth: lineWidth(lane, role, 0),
    order: order[role][lane],
    borderDash: [...dashes[role][lane]],
    borderCapStyle: role === 'secondary' ? 'round' : 'butt',
    borderJoinStyle: 'round',
    pointRadius: 0,
    pointStyle: lane === 0 ? 'circle' : 'triangle',
    pointHitRadius: 0,
    spanGaps: false,
    clip: 6,
  }
}

/** Width of a line; the thinner the more its points crowd, so that zigzags do not run together. */
export function lineWidth(lane: 0 | 1, role: LineRole, pointsPerPixel: number): number {
  if (role !== 'main') return role === 'raw' ? 1 : 2
  if (pointsPerPixel > 0.8) return 1.25
  return pointsPerPixel > 0.25 ? (lane === 0 ? 2.5 : 1.25) : lane === 0 ? 4 : 1.75
}

/** Few points are marked one by one, a circle for lane A and a triangle for B; many are a line only. */
export function pointRadius(count: number, role: LineRole): number {
  if (role !== 'main') return 0
  return count <= 40 ? 4 : 0
}

/** Options for a chart that `onRangeChange` tells when the reader zooms or pans it. */
export function chartOptions(
  card: ChartCard,
  colors: ChartColors,
  onRangeChange: (chart: Chart) => void,
): ChartOptions<'line'> {
  const ticks = { color: colors.axis, font: { size: fontSize }, maxRotation: 0 }
  return {
    animation: false,
    parsing: false,
    normalized: true,
    maintainAspectRatio: false,
    events: [],
    layout: { padding: { top: 6, right: 10 } },
    scales: {
      x: {
        type: 'linear',
        min: 0,
        max: 1,
        border: { color: colors.grid },
        grid: { display: false },
        ticks: {
          ...ticks,
          maxTicksLimit: 7,
          includeBounds: false,
          callback: (value) => formatTick(Number(value)),
        },
        title: { display: true, color: colors.axis, font: { size: fontSize }, padding: 0 },
      },
      y: yScale(card, colors, false),
    },
    plugins: { zoom: zoomOptions(colors, onRangeChange) },
  }
}

/** The vertical axis; the same width whatever its labels, so that the plot stays put. */
export function yScale(card: ChartCard, colors: ChartColors, isLogarithmic: boolean) {
  const common = {
    border: { display: false },
    grid: { color: colors.grid, tickLength: 0 },
    afterFit: (scale: { width: number }) => void (scale.width = yAxisWidth),
  }
  const ticks = { color: colors.axis, font: { size: fontSize }, padding: 6 }
  if (!isLogarithmic) {
    const format = card.unit === 'share' ? formatPercentTick : formatTick
    return {
      ...common,
      type: 'linear' as const,
      ...(card.unit === 'share' ? { suggestedMax: 1, max: 1 } : {}),
      ticks: { ...ticks, maxTicksLimit: 6, callback: (value: string | number) => format(Number(value)) },
    }
  }
  return {
    ...common,
    type: 'logarithmic' as const,
    ticks: {
      ...ticks,
      autoSkip: false,
      callback(this: { min: number; max: number }, value: string | number) {
        const decades = Math.log10(this.max / this.min)
        return isLabelledOnLogAxis(Number(value), decades) ? formatTick(Number(value)) : null
      },
    },
  }
}

/** The name under the horizontal axis. */
export function axisTitle(axis: XAxis): string {
  return axisTitles[axis]
}

/** Drag marks a range, Shift + drag and one finger pan, Ctrl + wheel and two fingers zoom; scrolling stays free. */
function zoomOptions(colors: ChartColors, onRangeChange: (chart: Chart) => void) {
  const changed = ({ chart }: { chart: Chart }) => onRangeChange(chart)
  return {
    pan: { enabled: true, mode: 'x' as const, modifierKey: 'shift' as const, onPan: changed },
    zoom: {
      mode: 'x' as const,
      wheel: { enabled: true, modifierKey: 'ctrl' as const },
      pinch: { enabled: true },
      drag: { enabled: true, threshold: 8, backgroundColor: withAlpha(colors.accent, 0.18) },
      onZoom: changed,
    },
  }
}

/** Dashed lines where a lane was given other weights. */
export const changeMarks: Plugin<'line'> = {
  id: 'changeMarks',
  beforeDatasetsDraw({ ctx, chartArea, scales, data }) {
    for (const { changes = [], borderColor } of data.datasets) {
      for (const change of changes) {
        const x = scales.x?.getPixelForValue(change ?? NaN) ?? NaN
        if (!(x >= chartArea.left && x <= chartArea.right)) continue
        ctx.save()
        if (typeof borderColor === 'string') ctx.strokeStyle = borderColor
        ctx.lineWidth = 1.5
        ctx.setLineDash([5, 4])
        ctx.beginPath()
        ctx.moveTo(x, chartArea.top)
        ctx.lineTo(x, chartArea.bottom)
        ctx.stroke()
        ctx.restore()
      }
    }
  },
}

/** Crosses at the foot of the plot where a lane's values were NaN or infinite. */
export const gapMarks: Plugin<'line'> = {
  id: 'gapMarks',
  afterDatasetsDraw(chart) {
    const { ctx, chartArea, scales } = chart
    chart.data.datasets.forEach((dataset, index) => {
      const { gaps = [], borderColor } = dataset
      const axis = scales.x
      if (gaps.length === 0 || axis === undefined) return
      const y = chartArea.bottom - 8 - (index % 2) * 10
      ctx.save()
      if (typeof borderColor === 'string') ctx.strokeStyle = borderColor
      ctx.lineWidth = 2
      ctx.setLineDash([])
      ctx.beginPath()
      for (const gap of gaps) {
        const x = axis.getPixelForValue(gap ?? NaN)
        if (!(x >= chartArea.left && x <= chartArea.right)) continue
        ctx.moveTo(x - 4, y - 4)
        ctx.lineTo(x + 4, y + 4)
        ctx.moveTo(x + 4, y - 4)
        ctx.lineTo(x - 4, y + 4)
      }
      ctx.stroke()
      ctx.restore()
    })
  },
}
