/** An experiment as a URL fragment: `1.` and the deflated JSON in base64url. */
import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate'
import { cutText } from '../util/cutText'
import { SpecError } from '../util/errors'
import { formatBytes } from '../util/figures'
import { limits } from '../util/limits'
import { parseExperiment } from './parse'
import type { Experiment } from './schema'

const formatVersion = 1
/** Bytes inflated at a time: deflated text is at most about 1,000 times larger, so none takes much more than the limit. */
const sliceBytes = 1024

/** The fragment of a link to `experiment`, without `#`. Throws `SpecError` for one that would be too long to be read. */
export function encodeHash(experiment: Experiment): string {
  const bytes = deflateSync(strToU8(JSON.stringify(experiment)), { level: 9 })
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  const hash = `${formatVersion}.${text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`
  checkLength(hash)
  return hash
}

/** The experiment in a fragment, with or without `#`; throws `SpecError` for every fragment that holds none. */
export function decodeHash(hash: string): Experiment {
  checkLength(hash.replace(/^#/, ''))
  const [, version, payload] = /^#?(\d+)\.(.*)$/s.exec(hash) ?? []
  if (version === undefined || payload === undefined) {
    throw new SpecError('link', 'expected a link made by Tandem, got something else. Copy the link again.')
  }
  if (Number(version) !== formatVersion) {
    throw new SpecError(
      'link',
      `expected format ${formatVersion}, got ${cutText(version, 40)}. Open the link with a newer Tandem.`,
    )
  }
  return parseExperiment(decodePayload(withoutTail(payload)))
}

/** What sentences, messengers and trackers put after a link: no payload has any of these characters. */
const strayCharacter = String.raw`[)\]}>.,;:!?'"’”»…*|=\s\u200b-\u200f\u2060\ufeff]`
const trackerNames = 'utm_[a-z]+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|twclid|igshid|igsh|mc_[ce]id|_gl|si'
const strayTail = new RegExp(`^(?:${strayCharacter}|[&?](?:${trackerNames})=[^&]*)*$`)

/** The payload without what was pasted after it; as it is where that may be part of what was damaged. */
function withoutTail(payload: string): string {
  const [own = ''] = /^[\w-]*/.exec(payload) ?? []
  const tail = payload.slice(own.length)
  return strayTail.test(decodedTail(tail)) ? own : payload
}

/** Browsers escape what is no part of an address. */
function decodedTail(tail: string): string {
  try {
    return decodeURIComponent(tail)
  } catch {
    return tail
  }
}

function checkLength({ length }: string): void {
  const { linkCharacters } = limits
  if (length <= linkCharacters) return
  throw new SpecError(
    'link',
    `expected at most ${linkCharacters} characters, got ${length}. Shorten the programs, or pass the experiment on as a file.`,
  )
}

function decodePayload(payload: string): unknown {
  try {
    const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
    return JSON.parse(strFromU8(inflate(Uint8Array.from(text, (character) => character.charCodeAt(0)))))
  } catch (cause) {
    if (cause instanceof SpecError) throw cause
    throw new SpecError(
      'link',
      `expected a complete link, got ${payload.length} characters that cannot be unpacked. Copy all of it.`,
      { cause },
    )
  }
}

/** The text that was deflated. Throws `SpecError` as soon as it is longer than an experiment may be. */
function inflate(deflated: Uint8Array): Uint8Array {
  const inflated = new Uint8Array(limits.experimentBytes)
  let length = 0
  const stream = new Inflate((part) => {
    if (length + part.length > inflated.length) {
      throw new SpecError(
        'link',
        `expected an experiment of at most ${formatBytes(inflated.length)}, got more. Ask whoever made the link for another.`,
      )
    }
    inflated.set(part, length)
    length += part.length
  })
  for (let at = 0; at < deflated.length; at += sliceBytes) {
    stream.push(deflated.subarray(at, at + sliceBytes), at + sliceBytes >= deflated.length)
  }
  return inflated.subarray(0, length)
}
