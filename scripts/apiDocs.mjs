/**
 * The module `virtual:api-docs`: names, signatures and first sentences of what programs may import. TypeScript reads
 * them from the sources whenever the site is built, so that they cannot fall behind.
 */
import { Reader } from './apiDocs/declarations.mjs'

const moduleId = 'virtual:api-docs'

/** @returns {import('vite').Plugin} */
export function apiDocs() {
  return {
    name: 'api-docs',
    resolveId: (id) => (id === moduleId ? `\0${moduleId}` : undefined),
    load: (id) => (id === `\0${moduleId}` ? apiDocsModule() : undefined),
  }
}

function apiDocsModule() {
  const { modules: found, objects } = new Reader().read()
  // Parsing a string is quicker than evaluating as much code.
  return `export const { modules, objects } = JSON.parse(${JSON.stringify(JSON.stringify({ modules: found, objects }))})`
}
