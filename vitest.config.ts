import { playwright } from '@vitest/browser-playwright'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vitest/config'
import { apiDocs } from './scripts/apiDocs.mjs'
import { chromiumFlags, findChromium } from './scripts/chromium.mjs'

const executablePath = await findChromium()

export default defineConfig({
  plugins: [apiDocs(), sveltekit()],
  test: {
    expect: { requireAssertions: true },
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: [
            'src/**/*.test.ts',
            'models/**/*.test.ts',
            'tests/**/*.test.ts',
            'eslint/*.test.js',
            'scripts/*.test.mjs',
          ],
          exclude: ['**/*.browser.test.ts', 'tests/e2e/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.ts', 'tests/**/*.browser.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                args: chromiumFlags,
                // Without a path Playwright's own full Chromium: the headless shell has no WebGPU.
                ...(executablePath === null ? { channel: 'chromium' } : { executablePath }),
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
