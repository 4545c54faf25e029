/** What `scripts/apiDocs.mjs` reads from the sources. */
declare module 'virtual:api-docs' {
  import type { ApiDocs } from '$lib/components/editor/apiEntry'

  export const modules: ApiDocs['modules']
  export const objects: ApiDocs['objects']
}
