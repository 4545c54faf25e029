/** The response headers of the site, for every place that answers requests: dev server, `npm start`, service worker. */

/**
 * Content Security Policy in SvelteKit's form. Its pages carry it as a meta element with the hashes of their inline
 * scripts added, except `frame-ancestors`, which only a header can say.
 * @satisfies {NonNullable<import('@sveltejs/kit').KitConfig['csp']>['directives']}
 */
export const contentSecurityDirectives = {
  'default-src': ['self'],
  'script-src': ['self', 'blob:', 'wasm-unsafe-eval'],
  'worker-src': ['self', 'blob:'],
  'connect-src': ['self'],
  'img-src': ['self', 'data:', 'blob:'],
  'style-src': ['self', 'unsafe-inline'],
  'object-src': ['none'],
  'base-uri': ['self'],
  'form-action': ['none'],
  'frame-ancestors': ['none'],
}

/** Pages that other sites may show in a frame, by path (`embed/index.html`). So far there are none. */
const embeddablePages = new Set(/** @type {string[]} */ ([]))

/** Words that the header form of the policy puts in quotes. */
const quoted = /^(self|none|unsafe-inline|wasm-unsafe-eval|sha256-.+)$/

/**
 * The policy as one header value. A worker loaded from the network takes its policy from its own response, not from the
 * page; a page allows its inline scripts by hash.
 * @param {string} path
 * @param {readonly string[]} inlineScripts
 */
function securityPolicy(path, inlineScripts) {
  return Object.entries({
    ...contentSecurityDirectives,
    'script-src': [...contentSecurityDirectives['script-src'], ...inlineScripts],
    'frame-ancestors': [embeddablePages.has(path) ? '*' : 'none'],
  })
    .map(([name, sources]) => [name, ...sources.map((s) => (quoted.test(s) ? `'${s}'` : s))].join(' '))
    .join('; ')
}

/** What no page of this site uses, and no program may ask for. Named are only features that browsers know. */
const unusedFeatures = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
]

/** On every response. Cross-origin isolation is what wasm threads and precise timers need. */
const commonHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': unusedFeatures.map((name) => `${name}=()`).join(', '),
}

/**
 * All headers that guard a response, by its path; `inlineScripts` are a page's, as `sha256-…`.
 * @param {string} path
 * @param {readonly string[]} [inlineScripts]
 * @returns {Record<string, string>}
 */
export function responseHeaders(path, inlineScripts = []) {
  return { ...commonHeaders, 'Content-Security-Policy': securityPolicy(path, inlineScripts) }
}

/** @type {Readonly<Record<string, string>>} */
const contentTypes = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
}

/**
 * Headers of a file of the site: what it is, and what guards it.
 * @param {string} path
 * @param {readonly string[]} [inlineScripts]
 * @returns {Record<string, string>}
 */
export function fileHeaders(path, inlineScripts) {
  const extension = path.slice(path.lastIndexOf('.') + 1)
  return {
    ...responseHeaders(path, inlineScripts),
    'Content-Type': contentTypes[extension] ?? 'application/octet-stream',
  }
}

/**
 * Headers of an answer that is no file: an error or a redirect, with at most a sentence.
 * @param {string} path
 * @returns {Record<string, string>}
 */
export function noteHeaders(path) {
  return {
    ...responseHeaders(path),
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  }
}
