/** The typed arrays that our parallel arrays are made of. */
export type NumberArray = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array

/**
 * A longer array with the same beginning, so that parallel arrays grow geometrically.
 * @param length of the new array, in elements; not less than the old length
 */
export function grown<T extends NumberArray>(array: T, length: number): T {
  const longer = new (array.constructor as new (length: number) => T)(length)
  longer.set(array)
  return longer
}
