/** How a request's path is read, by everything that answers requests: static server, dev server, service worker. */

/**
 * The file that a path means, relative to the site's root: `models/` is `models/index.html`. Null for a path that no
 * file can have: malformed percent-encoding, an encoded slash, an empty segment, or one that leaves its folder.
 * @param {string} path the part of a URL's path after the root and its slash, still percent-encoded
 * @returns {string | null}
 */
export function filePathOf(path) {
  const segments = path.split('/').map(decodeSegment)
  const last = segments.pop()
  if (last === null || last === undefined || !segments.every(isName)) return null
  if (last === '') return [...segments, 'index.html'].join('/')
  return isName(last) ? [...segments, last].join('/') : null
}

/** @param {string} segment */
function decodeSegment(segment) {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

/**
 * Whether a file or folder can be called so.
 * @param {string | null} segment
 * @returns {segment is string}
 */
function isName(segment) {
  return segment !== null && segment !== '' && segment !== '.' && segment !== '..' && !/[/\\\0]/.test(segment)
}

/**
 * Path and query of a request line, which need not be a URL; null where they cannot be read.
 * @param {string | undefined} address
 * @returns {{ pathname: string, search: string } | null}
 */
export function readAddress(address) {
  // Not resolved against a base: in `//host/page` the host would be taken for one.
  if (address === undefined || !address.startsWith('/')) return null
  const [withoutFragment = ''] = address.split('#', 1)
  const at = withoutFragment.indexOf('?')
  return at === -1
    ? { pathname: withoutFragment, search: '' }
    : { pathname: withoutFragment.slice(0, at), search: withoutFragment.slice(at) }
}
