/** The response headers of the site, for every place that answers requests: dev server, `npm start`, service worker. */

/**
 * Content Security Policy in SvelteKit's form; its pages carry it as a meta element with script hashes added.
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
}

/** Words that the header form of the policy puts in quotes. */
const keywords = new Set(['self', 'none', 'unsafe-inline', 'wasm-unsafe-eval'])

/**
 * The same policy as one header value. It goes on scripts only: a worker loaded from the network takes its policy
 * from its own response, not from the page, while on a page it would forbid the hashed inline script.
 */
export const scriptSecurityPolicy = Object.entries(contentSecurityDirectives)
  .map(([name, sources]) => [name, ...sources.map((s) => (keywords.has(s) ? `'${s}'` : s))].join(' '))
  .join('; ')

/** Cross-origin isolation: wasm threads and precise timers need it on every response. */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/**
 * All headers for a response, by the path of its URL.
 * @param {string} pathname
 * @returns {Record<string, string>}
 */
export function responseHeaders(pathname) {
  const isScript = /\.(m?js|ts)$/.test(pathname)
  return isScript
    ? { ...isolationHeaders, 'Content-Security-Policy': scriptSecurityPolicy }
    : isolationHeaders
}
