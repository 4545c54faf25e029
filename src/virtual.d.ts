/** What `scripts/apiDocs.mjs` reads from the sources. */
declare module 'virtual:api-docs' {
  import type { ApiDocs } from '$lib/components/editor/apiEntry'

  /** The modules by specifier. */
  export const modules: ApiDocs['modules']
  /** The objects by name. */
  export const objects: ApiDocs['objects']
}
