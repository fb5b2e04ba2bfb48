/** A window as one cell of the map, and whether something was refused to it, in one number. */

/** Set where something was refused; the other bits are the cell. */
export const REFUSED = 0x100
export const CODES = 0x200
