/** Every page is written when the site is built. */
export const prerender = true
/** Every page is a folder, as static hosts serve it. */
export const trailingSlash = 'always'
