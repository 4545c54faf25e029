import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig, type Plugin } from 'vite'

/** Cross-origin isolation: wasm threads and precise timers need both headers on every response. */
const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** `preview.headers` does not reach SvelteKit's prerendered pages, so a middleware sets them on every answer. */
function crossOriginIsolation(): Plugin {
  const setHeaders = (
    _request: unknown,
    response: { setHeader(name: string, value: string): void },
    next: () => void,
  ) => {
    for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value)
    next()
  }
  return {
    name: 'cross-origin-isolation',
    configureServer: (server) => void server.middlewares.use(setHeaders),
    configurePreviewServer: (server) => void server.middlewares.use(setHeaders),
  }
}

export default defineConfig({
  plugins: [crossOriginIsolation(), sveltekit()],
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  build: { chunkSizeWarningLimit: 3000 },
  preview: { port: 4173, strictPort: true },
})
