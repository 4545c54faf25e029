import { defineConfig, devices } from '@playwright/test'
import { chromiumFlags, findChromium } from './scripts/chromium.mjs'

const executablePath = await findChromium()

export default defineConfig({
  testDir: 'tests/e2e',
  globalSetup: './tests/support/serveSite.ts',
  outputDir: 'test-results',
  reporter: 'list',
  workers: 1,
  // A test that passes the second time only is named by `npm test`.
  retries: 1,
  // Generous: two lanes train on a software GPU that shares two cores with everything else.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: process.env.SITE_URL,
    ...devices['Desktop Chrome'],
    // Without a path Playwright's own full Chromium: the headless shell has no WebGPU.
    channel: executablePath === null ? 'chromium' : undefined,
    launchOptions: {
      executablePath: executablePath ?? undefined,
      args: [...chromiumFlags, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'],
    },
    trace: 'off',
    screenshot: 'only-on-failure',
  },
})
