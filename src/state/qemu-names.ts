/** Names as QEMU takes them for devices and nodes. */

/** Letters, digits and - . _, a letter first (util/id.c, id_wellformed). */
const WELL_FORMED = /^[a-z][a-z0-9._-]*$/i
/** A node's name has a fixed place, of 32 bytes with its end. */
export const LONGEST_NODE_NAME = 31

/** @returns why QEMU would refuse the name; undefined where it would not, or where there is no name */
export function nameFault(name: string, kind: 'device' | 'node'): string | undefined {
  if (name === '') return undefined
  if (!WELL_FORMED.test(name)) {
    const which = kind === 'device' ? 'device id' : 'node name'
    return `QEMU takes no such ${which}: it starts with a letter, and has letters, digits, “-”, “.” and “_” only.`
  }
  return kind === 'node' && name.length > LONGEST_NODE_NAME
    ? `QEMU takes node names of ${LONGEST_NODE_NAME} characters at most.`
    : undefined
}
