/** QEMU's messages have no full stop; where another sentence follows they need one. */
export const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)
