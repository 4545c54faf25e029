/** A sheet of test digits with the model's reading under each; wrong ones stand out by colour and a cross. */
import { at } from '$lib/core/util/at'
import type { Surface } from './canvasLayer.svelte'
import type { DigitAnswer } from './digitAnswers'
import { parseRgb, readColors } from './theme'

const columns = 8
const side = 28
const captionHeight = 17

/** Height of a sheet of `count` digits that is `width` wide, in CSS pixels. */
export function sheetHeight(count: number, width: number): number {
  return Math.ceil(count / columns) * (cellSize(width) + captionHeight)
}

/** Draws the sheet; `pixels` holds 28 × 28 bytes per digit. */
export function drawDigits(surface: Surface, pixels: Uint8Array, answers: readonly DigitAnswer[]): void {
  const { context, width, host } = surface
  const colors = readColors(host, ['--text', '--text-quiet', '--danger', '--danger-tint'])
  const size = cellSize(width)
  context.font = `600 13px ${getComputedStyle(host).fontFamily}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const picture = digitPicture(pixels, answers.length, colors['--text'])
  for (const [index, { prediction, isWrong }] of answers.entries()) {
    const x = ((index % columns) * width) / columns
    const y = Math.floor(index / columns) * (size + captionHeight)
    const middle = x + width / columns / 2
    if (isWrong) {
      context.fillStyle = colors['--danger-tint']
      context.strokeStyle = colors['--danger']
      context.fillRect(x + 1, y + 1, width / columns - 2, size + captionHeight - 2)
      context.strokeRect(x + 1.5, y + 1.5, width / columns - 3, size + captionHeight - 3)
    }
    context.drawImage(picture, 0, index * side, side, side, middle - size / 2 + 2, y + 2, size - 4, size - 4)
    if (prediction === null) continue
    context.fillStyle = isWrong ? colors['--danger'] : colors['--text-quiet']
    context.fillText(
      isWrong ? `✗${prediction}` : String(prediction),
      middle,
      y + size + captionHeight / 2 - 2,
    )
  }
}

function cellSize(width: number): number {
  return Math.floor(width / columns)
}

/** All digits below each other, as ink on clear ground. */
function digitPicture(pixels: Uint8Array, count: number, ink: string): HTMLCanvasElement {
  const picture = document.createElement('canvas')
  picture.width = side
  picture.height = Math.max(1, count * side)
  const data = new Uint8ClampedArray(side * picture.height * 4)
  const [red, green, blue] = parseRgb(ink)
  for (let pixel = 0; pixel < count * side * side; pixel++) {
    data.set([red, green, blue, at(pixels, pixel)], 4 * pixel)
  }
  picture.getContext('2d')?.putImageData(new ImageData(data, side, picture.height), 0, 0)
  return picture
}
