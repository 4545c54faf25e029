/** The file that a person chose, handed to `take`; afterwards the field is empty, so that the same file can be chosen again. */
export async function takeChosen(
  input: HTMLInputElement,
  take: (file: File) => void | Promise<void>,
): Promise<void> {
  const [file] = input.files ?? []
  if (file !== undefined) await take(file)
  input.value = ''
}
