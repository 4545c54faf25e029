import { sveltekit } from '@sveltejs/kit/vite'
import { defaultClientConditions, defineConfig, type Connect, type Plugin } from 'vite'
import { apiDocs } from './scripts/apiDocs.mjs'
import { readInlineScripts } from './scripts/fileList.mjs'
import { licenceNotices } from './scripts/licences.mjs'
import { responseHeaders } from './src/responseHeaders.js'
import { filePathOf, readAddress } from './src/sitePath.js'

/** `server.headers` and `preview.headers` do not reach SvelteKit's pages, so a middleware sets them everywhere. */
function securityHeaders(): Plugin {
  const setHeaders =
    (inlineScripts: ReadonlyMap<string, readonly string[]>): Connect.NextHandleFunction =>
    (request, response, next) => {
      const path = filePathOf(readAddress(request.url)?.pathname.slice(1) ?? '//')
      const headers = responseHeaders(path ?? '', inlineScripts.get(path ?? ''))
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      if (path !== null) return next()
      response.writeHead(404).end('Not found')
    }
  return {
    name: 'security-headers',
    // SvelteKit replaces the policy of pages in development, whose inline scripts change with each request.
    configureServer: (server) => void server.middlewares.use(setHeaders(new Map())),
    async configurePreviewServer(server) {
      server.middlewares.use(setHeaders(await readInlineScripts('build')))
    },
  }
}

const notices = licenceNotices()

export default defineConfig({
  plugins: [securityHeaders(), apiDocs(), notices.page, sveltekit()],
  // One copy of onnxruntime-web's glue: the file beside its wasm, not a second one inside the bundle.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  worker: { format: 'es', plugins: () => [notices.workers()] },
  optimizeDeps: {
    exclude: ['onnxruntime-web'],
    // Loaded by workers and on demand: found late, each would reload the page in the middle of a run.
    include: [
      '@bufbuild/protobuf',
      '@bufbuild/protobuf/codegenv2',
      '@codemirror/autocomplete',
      '@codemirror/commands',
      '@codemirror/lang-javascript',
      '@codemirror/language',
      '@codemirror/lint',
      '@codemirror/merge',
      '@codemirror/state',
      '@codemirror/view',
      '@dagrejs/dagre',
      '@lezer/highlight',
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgl',
      '@tensorflow/tfjs-backend-webgpu',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-layers',
      'acorn',
      'acorn-walk',
      'chart.js',
      'chartjs-plugin-zoom',
      'fflate',
      'magic-string',
      'prettier/plugins/acorn',
      'prettier/plugins/estree',
      'prettier/standalone',
      'valibot',
    ],
  },
  build: {
    // Engines are large, and only workers load them.
    chunkSizeWarningLimit: 3000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  preview: { port: 4173, strictPort: true },
})
