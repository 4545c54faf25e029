/** How much a link, a file or a stored visit may hold: whoever writes one and whoever reads one keeps to this table. */
export const limits = {
  /** Of the fragment of a link. Every valid experiment fits, and every browser takes an address of that length. */
  linkCharacters: 1_000_000,
  /** Of the JSON of an experiment, inflated from a link or read from a file. */
  experimentBytes: 2 * 1024 * 1024,
  /** Of an edited program: more would be slow to show and to edit. */
  programCharacters: 50_000,
  programLines: 2_000,
  /** Characters that cannot be seen: each is shown as an escape, and so many can only be meant to hide something. */
  hiddenCharacters: 500,
  /** Columns that a model reads, of a CSV file. */
  csvFeatures: 4096,
  /** Different texts of one of them, which become a number each. */
  oneHotValues: 100,
  /** Of the name of a column, and of what a class is called in its file. */
  columnCharacters: 200,
  /** Of the names of a CSV file's features, together: they stand in the link and in both programs. */
  featureCharacters: 50_000,
} as const
