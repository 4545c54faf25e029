import adapter from '@sveltejs/adapter-static'
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import { withFileList } from './scripts/fileList.mjs'
import { contentSecurityDirectives } from './src/responseHeaders.js'

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
  kit: {
    adapter: withFileList(adapter({ fallback: undefined, strict: true })),
    paths: { relative: true },
    // Fragments hold an experiment or a preset, never an element's id.
    prerender: { handleMissingId: 'ignore' },
    csp: { mode: 'hash', directives: contentSecurityDirectives },
  },
}
