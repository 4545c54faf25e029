/** What the editor knows of one name of our modules, and of the objects that calls give. */

export interface ApiEntry {
  readonly kind: 'module' | 'group' | 'class' | 'function' | 'value'
  readonly signature: string
  readonly doc?: string
  /** Of a module or a group: what stands after its dot. */
  readonly members?: Readonly<Record<string, ApiEntry>>
  /** Names in the options of a call. */
  readonly options?: Readonly<Record<string, ApiEntry>>
  /** Of a call: the texts that each argument may be, by its position. */
  readonly texts?: Readonly<Record<number, readonly string[]>>
  /** Of an option: the texts that it, or an entry of its list, may be. */
  readonly values?: readonly string[]
  /** Name of what `new` or a call gives, in the table of objects. */
  readonly object?: string
}

/** Members of one class, without those of its base class. */
export interface ApiObject {
  readonly members: Record<string, ApiEntry>
  base?: string
}

/** All that the editor knows of our modules. */
export interface ApiDocs {
  /** By specifier. */
  readonly modules: Readonly<Record<string, ApiEntry>>
  readonly objects: Readonly<Record<string, ApiObject>>
}
