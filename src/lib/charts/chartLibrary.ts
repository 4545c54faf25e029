/** The parts of Chart.js in use, registered once. Imported on demand only: it needs a DOM and 70 KB. */
import { Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement } from 'chart.js'
import zoomPlugin from 'chartjs-plugin-zoom'

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, zoomPlugin)

export { Chart }

/** Chart.js' class with what is registered here. */
export type ChartConstructor = typeof Chart
