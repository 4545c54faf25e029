/** Bounds that several kinds of data share. */

/** Generated points lie in [−extent, extent]², noise beyond that aside; plots show this square. */
export const extent = 1.25

/** The most examples a dataset may have; also how many digits there are. */
export const maxSamples = 10_000
