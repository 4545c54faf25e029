import { sveltekit } from '@sveltejs/kit/vite'
import { defaultClientConditions, defineConfig, type Connect, type Plugin } from 'vite'
import { apiDocs } from './scripts/apiDocs.mjs'
import { responseHeaders } from './src/responseHeaders.js'

/** `server.headers` and `preview.headers` do not reach SvelteKit's pages, so a middleware sets them everywhere. */
function securityHeaders(): Plugin {
  const setHeaders: Connect.NextHandleFunction = (request, response, next) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    for (const [name, value] of Object.entries(responseHeaders(pathname))) response.setHeader(name, value)
    next()
  }
  return {
    name: 'security-headers',
    configureServer: (server) => void server.middlewares.use(setHeaders),
    configurePreviewServer: (server) => void server.middlewares.use(setHeaders),
  }
}

export default defineConfig({
  plugins: [securityHeaders(), apiDocs(), sveltekit()],
  // One copy of onnxruntime-web's glue: the file beside its wasm, not a second one inside the bundle.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  worker: { format: 'es' },
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
