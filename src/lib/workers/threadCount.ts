/** Half the cores for each lane, as far as graphs of toy models gain from them; one where memory cannot be shared. */
export function threadCount(): number {
  return crossOriginIsolated ? Math.max(1, Math.min(4, Math.floor(navigator.hardwareConcurrency / 2))) : 1
}
