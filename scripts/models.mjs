/** `npm run models [-- NAME …]`: trains every shipped model from its seed and writes its ONNX files. Plain Node. */
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { createServer } from 'vite'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: 'string', default: 'models' } },
})

execFileSync(process.execPath, ['scripts/packDigits.mjs'], { stdio: 'inherit' })

// Vite reads TypeScript; nothing is served.
const vite = await createServer({
  configFile: false,
  logLevel: 'warn',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
})
/** @type {typeof import('../src/cli/writeModels')} */
const { writeModels } = /** @type {any} */ (await vite.ssrLoadModule('/src/cli/writeModels.ts'))
try {
  await writeModels(positionals, values.folder)
} finally {
  await vite.close()
}
