/**
 * The file of packed digits: gzip of a header and of bytes. `scripts/packDigits.mjs` writes the same format:
 * `TDIG`, uint32 count (little-endian), count labels, count × 784 pixels of 0..255, row by row.
 */
import { gunzipSync } from 'fflate'
import { ArgumentError } from '../util/errors'

/** Pixels of one digit. */
export const digitSize = 28 * 28

const magic = 'TDIG'
const headerLength = 8

/** All digits of the file; views into one buffer. */
export interface PackedDigits {
  readonly count: number
  /** [count], 0 to 9. */
  readonly labels: Uint8Array
  /** [count, 784], 0 to 255. */
  readonly pixels: Uint8Array
}

/** Reads the packed file; throws `ArgumentError` if it is cut off or something else. */
export function unpackDigits(file: Uint8Array): PackedDigits {
  const bytes = inflate(file)
  const found = String.fromCharCode(...bytes.subarray(0, magic.length))
  const count =
    bytes.length < headerLength ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true)
  if (found !== magic || bytes.length !== headerLength + count * (1 + digitSize)) {
    throw new ArgumentError(
      `digits: expected a file of packed digits, got ${bytes.length} other bytes. Build the site again.`,
    )
  }
  const pixelsStart = headerLength + count
  return { count, labels: bytes.subarray(headerLength, pixelsStart), pixels: bytes.subarray(pixelsStart) }
}

/** A server may have undone the compression already; then the bytes begin with the header. */
function inflate(file: Uint8Array): Uint8Array {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file
  try {
    return gunzipSync(file)
  } catch (cause) {
    throw new ArgumentError(
      `digits: expected a complete file, got ${file.length} bytes that cannot be unpacked. Load it again.`,
      { cause },
    )
  }
}
