/** Why the system refused a file, in plain words. */

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is none',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
  EACCES: 'access is not allowed',
  EPERM: 'access is not allowed',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
}

/** What a failed call of node:fs says; its own message where the code is a rare one. */
export function fileProblem(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const reason = 'code' in cause && typeof cause.code === 'string' ? reasons[cause.code] : undefined
  return reason ?? cause.message
}
