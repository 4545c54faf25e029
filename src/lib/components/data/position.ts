/** A place in the plane as text: `x 0.10, y −0.25`. */
export function readPosition(horizontal: number, vertical: number): string {
  return `x ${readCoordinate(horizontal)}, y ${readCoordinate(vertical)}`
}

/** A coordinate in hundredths, with a minus sign that readers say. */
export function readCoordinate(value: number): string {
  const text = Math.abs(value).toFixed(2)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}
