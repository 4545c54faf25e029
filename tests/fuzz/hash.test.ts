/** Whatever a link says, it is an experiment that its own link gives back, or a `SpecError`. */
import { deflateSync, strToU8 } from 'fflate'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { decodeHash, encodeHash } from '../../src/lib/core/spec'
import { SpecError } from '../../src/lib/core/util/errors'
import { fuzz, readOrRefuse } from './fuzz'
import { hostileJson, hostileText, mutatedBytes, mutatedJson, mutatedText } from './hostile'
import { experiments } from './validSpecs'

const base64Url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const linkTo = (json: string) => `1.${base64Url(deflateSync(strToU8(json)))}`

/** One unit of text over and over: a short link to much. */
const inflating = fc
  .tuple(fc.constantFrom('', '{"version":1,"spec":', '['), hostileText(8), fc.integer({ min: 1, max: 5_000 }))
  .map(([before, unit, count]) => linkTo(before + unit.repeat(count)))

async function readsOrRefuses(hash: string): Promise<void> {
  const read = await readOrRefuse(() => decodeHash(hash), SpecError)
  if (read !== undefined) expect(decodeHash(encodeHash(read))).toEqual(read)
}

describe('a link', () => {
  fuzz('to a valid experiment gives it back', experiments, (experiment) => {
    expect(decodeHash(encodeHash(experiment))).toEqual(experiment)
  })
  fuzz(
    'with any text',
    fc.oneof(
      hostileText(3000),
      hostileText(300).map((text) => `1.${text}`),
    ),
    readsOrRefuses,
  )
  fuzz('with its text changed', mutatedText(experiments.map(encodeHash)), readsOrRefuses)
  fuzz('to hostile JSON', fc.oneof(hostileJson, mutatedJson(experiments)).map(linkTo), readsOrRefuses)
  fuzz(
    'to any bytes',
    fc.uint8Array({ maxLength: 300 }).map((bytes) => `1.${base64Url(bytes)}`),
    readsOrRefuses,
  )
  fuzz(
    'with its bytes changed',
    mutatedBytes(packed()).map((bytes) => `1.${base64Url(bytes)}`),
    readsOrRefuses,
  )
  fuzz('to more than fits a link', inflating, readsOrRefuses)
})

function packed(): fc.Arbitrary<Uint8Array> {
  return experiments.map((experiment) => deflateSync(strToU8(JSON.stringify(experiment))))
}
