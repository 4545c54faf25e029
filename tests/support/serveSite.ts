/** Serves the built site on a free port for the whole e2e run; `SITE_URL` tells the tests where. */
import { serve } from '../../scripts/staticServer.mjs'

export default async function serveSite(): Promise<() => Promise<void>> {
  const { url, stop } = await serve({ port: 0 })
  process.env.SITE_URL = url
  return stop
}
