/** An experiment as a URL fragment: `1.` and the deflated JSON in base64url. */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate'
import { SpecError } from '../util/errors'
import { parseExperiment } from './parse'
import type { Experiment } from './schema'

const formatVersion = 1
/** Longest link that is read; a spec takes well under 1,000 characters, edited programs some more. */
const maxHashLength = 100_000

/** The fragment of a link to `experiment`, without `#`. */
export function encodeHash(experiment: Experiment): string {
  const bytes = deflateSync(strToU8(JSON.stringify(experiment)), { level: 9 })
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  return `${formatVersion}.${text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`
}

/** The experiment in a fragment, with or without `#`; throws `SpecError` for every fragment that holds none. */
export function decodeHash(hash: string): Experiment {
  const [, version, payload] = /^#?(\d+)\.(.*)$/s.exec(hash) ?? []
  if (version === undefined || payload === undefined || hash.length > maxHashLength) {
    throw new SpecError('link', 'expected a link made by Tandem, got something else. Copy the link again.')
  }
  if (Number(version) !== formatVersion) {
    throw new SpecError(
      'link',
      `expected format ${formatVersion}, got ${version}. Open the link with a newer Tandem.`,
    )
  }
  return parseExperiment(decodePayload(payload))
}

function decodePayload(payload: string): unknown {
  try {
    const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
    return JSON.parse(strFromU8(inflateSync(bytes)))
  } catch (cause) {
    throw new SpecError(
      'link',
      `expected a complete link, got ${payload.length} characters that cannot be unpacked. Copy all of it.`,
      { cause },
    )
  }
}
