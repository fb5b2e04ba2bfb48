/** How many bitmaps fit into `bitmap-size` bytes: at least one, whatever is given. */
export const slotsOf = (bitmapSize: bigint): bigint => (bitmapSize < 4096n ? 1n : bitmapSize / 4096n)
