/** The files of one version of the site as `files.json` lists them, and whether bytes are one of them. */
import { filePathOf } from '../sitePath.js'

/** One entry of the list, which the build writes (`scripts/fileList.mjs`). */
export interface SiteFile {
  /** Relative to the site's root. */
  readonly path: string
  readonly bytes: number
  /** SHA-256 in hexadecimal digits. All 64 of them: the hash is what a file is believed by. */
  readonly hash: string
  /** Inline scripts of a page, as the policy names them. */
  readonly scripts?: readonly string[]
}

/** Far above any file of the site; a list that says more is wrong. */
const maxBytes = 1_000_000_000

/** Files of the list in `text` by their path. Throws where it is malformed or belongs to another build than `version`. */
export function parseFileList(text: string, version: string): ReadonlyMap<string, SiteFile> {
  const list = parseJson(text)
  if (!isRecord(list) || !Array.isArray(list['files'])) {
    throw listError(`an object with files, got ${excerpt(text)}`)
  }
  if (list['version'] !== version) {
    throw listError(`version ${version}, got ${excerpt(JSON.stringify(list['version']))}`)
  }
  const files = new Map<string, SiteFile>()
  for (const entry of list['files'] as unknown[]) {
    if (!isSiteFile(entry)) {
      throw listError(`path, bytes and hash of a file, got ${excerpt(JSON.stringify(entry))}`)
    }
    if (files.has(entry.path)) throw listError(`each file once, got ${entry.path} twice`)
    files.set(entry.path, entry)
  }
  if (!files.has('index.html')) throw listError(`index.html among the files, got ${files.size} others`)
  return files
}

/** Whether bytes are the file's content. */
export async function isContentOf(bytes: Uint8Array<ArrayBuffer>, file: SiteFile): Promise<boolean> {
  if (bytes.byteLength !== file.bytes) return false
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === file.hash
}

/** An inline script as the policy names it. */
export async function scriptSource(script: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script)))
  return `sha256-${btoa(String.fromCharCode(...digest))}`
}

function isSiteFile(entry: unknown): entry is SiteFile {
  if (!isRecord(entry)) return false
  const { path, bytes, hash, scripts = [] } = entry
  return (
    typeof path === 'string' &&
    isPlainPath(path) &&
    typeof bytes === 'number' &&
    Number.isInteger(bytes) &&
    bytes >= 0 &&
    bytes <= maxBytes &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    Array.isArray(scripts) &&
    scripts.every((one) => typeof one === 'string' && /^sha256-[\w+/]+=*$/.test(one))
  )
}

/** A path that stays within the site and means the same before and after it has been part of a URL. */
function isPlainPath(path: string): boolean {
  return /^[^%?#]+[^%?#/]$/.test(path) && filePathOf(path) === path
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw listError(`JSON, got ${excerpt(text)}`)
  }
}

function excerpt(text: string | undefined): string {
  return (text ?? 'nothing').slice(0, 60) || 'nothing'
}

function listError(problem: string): Error {
  return new Error(
    `files.json: expected ${problem}. The host may be in the middle of an update: open the site again in a few minutes.`,
  )
}
