/** The event that QEMU sends once, when a check has refused a write. */
import type { Timestamp } from './qmp-event.ts'

export type CorruptedEvent = {
  readonly event: 'BLOCK_IMAGE_CORRUPTED'
  readonly data: {
    /** The device's name; '' for a node without one. */
    readonly device: string
    /** Left out where the node was given no name. */
    readonly 'node-name'?: string
    readonly msg: string
    readonly offset?: number
    readonly size?: number
    readonly fatal: boolean
  }
  readonly timestamp: Timestamp
}

/** What was to be written, bytes; undefined where QEMU does not say. */
export interface RefusedWrite {
  readonly message: string
  readonly offset: number | undefined
  readonly size: number | undefined
  readonly fatal: boolean
}

export function corruptedEvent(
  { device, nodeName }: { readonly device: string; readonly nodeName: string },
  { message, offset, size, fatal }: RefusedWrite,
  timestamp: Timestamp,
): CorruptedEvent {
  return {
    event: 'BLOCK_IMAGE_CORRUPTED',
    data: {
      device,
      ...(nodeName === '' ? {} : { 'node-name': nodeName }),
      msg: message,
      ...(offset === undefined ? {} : { offset }),
      ...(size === undefined ? {} : { size }),
      fatal,
    },
    timestamp,
  }
}
