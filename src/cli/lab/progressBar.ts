/** One line on a terminal that is written over while a run goes on. */
import { formatCount, formatFigure } from '../../lib/core/util/figures'

const width = 30
const eraseLine = '\r\u001b[K'

/** One line of the terminal that is written over as a run goes on. */
export class ProgressBar {
  constructor(
    private readonly write: (text: string) => void,
    private readonly total: number,
  ) {}

  show(steps: number, loss: number | null): void {
    const share = Math.min(1, steps / this.total)
    const filled = Math.round(share * width)
    const bar = '█'.repeat(filled) + '░'.repeat(width - filled)
    const figures = `${formatCount(steps)} of ${formatCount(this.total)} steps, loss ${formatFigure(loss ?? undefined)}`
    this.write(`${eraseLine}${bar} ${Math.floor(share * 100)} % ${figures}`)
  }

  end(): void {
    this.write(eraseLine)
  }
}
