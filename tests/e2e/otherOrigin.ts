/** Another origin, to show that nothing reaches it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on another port, hence another origin, that answers anybody and remembers who asked. */
export async function listen(): Promise<{ url: string; asked: string[]; stop: () => Promise<void> }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, {
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Content-Type': 'text/javascript',
    })
    response.end('export {}')
  })
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}/`,
    asked,
    stop: () => new Promise((stopped) => server.close(() => stopped())),
  }
}
