/** Which compiled training step is worth looking at first. */
import type { CompiledReport, SignatureReport } from '$lib/workers/protocol'

/** The training report whose signature was called most, the earlier traced of equals; null without any. */
export function mostCalled(
  reports: readonly CompiledReport[],
  signatures: readonly SignatureReport[],
): CompiledReport | null {
  const hits = (report: CompiledReport): number =>
    signatures.find((each) => each.function === report.function && each.signature === report.signature)
      ?.hits ?? 0
  return reports
    .filter(({ isTraining }) => isTraining)
    .reduce<CompiledReport | null>(
      (best, report) => (best && hits(best) >= hits(report) ? best : report),
      null,
    )
}
