/** What the image is told to do: the commands of qemu-io, and a few of qemu-img's and the iotests'. */
import type { GuestOffset } from '../../lib/units.ts'

/** `write` and `aio_write`. */
export interface WriteCommand {
  readonly kind: 'write'
  readonly offset: GuestOffset
  /** Bytes. */
  readonly length: bigint
  /** -P: the byte that is written, 0xcd where none is given. */
  readonly pattern: number
  /** -z: zeros, without data where the format can say so. */
  readonly zero: boolean
  /** -u: with zero, the clusters may be given back. */
  readonly unmap: boolean
  /** -c */
  readonly compressed: boolean
  /** -f: everything is on the disk when the command ends. */
  readonly forceUnitAccess: boolean
  /** -q: nothing is printed when it succeeds. */
  readonly quiet: boolean
  /** `aio_write`: it prints under that name. */
  readonly async: boolean
}

/** `read` and `aio_read`. */
export interface ReadCommand {
  readonly kind: 'read'
  readonly offset: GuestOffset
  /** Bytes. */
  readonly length: bigint
  /** -P, with -s and -l: these bytes of what was read must all be the pattern. */
  readonly verify: { readonly pattern: number; readonly start: bigint; readonly length: bigint } | undefined
  readonly quiet: boolean
  readonly async: boolean
}

export interface DiscardCommand {
  readonly kind: 'discard'
  readonly offset: GuestOffset
  /** Bytes. */
  readonly length: bigint
  readonly quiet: boolean
}

export interface SnapshotCommand {
  readonly kind: 'snapshot'
  readonly action: 'create' | 'apply' | 'delete'
  readonly name: string
  /** `snap-create` and `snap-delete`: failures come as an error of QMP, not as lines. */
  readonly qmp: boolean
}

/** `check`: what `qemu-img check` finds, and with -r puts right. */
export interface CheckCommand {
  readonly kind: 'check'
  readonly repair: 'leaks' | 'all' | undefined
}

export type Command =
  | WriteCommand
  | ReadCommand
  | DiscardCommand
  | SnapshotCommand
  | CheckCommand
  /** `flush`, and `aio_flush`, which also waits; here nothing is ever under way. */
  | { readonly kind: 'flush'; readonly async: boolean }
  /** `resize SIZE`, bytes. */
  | { readonly kind: 'resize'; readonly size: bigint }
  /** `poke OFFSET HEX`: raw bytes into the file, past all checks. */
  | { readonly kind: 'poke'; readonly offset: number; readonly bytes: Uint8Array }
  /** `reopen [OPTION=VALUE,…]`: a new process opens the image, with these blockdev options changed. */
  | { readonly kind: 'reopen'; readonly options: Readonly<Record<string, string>> }
