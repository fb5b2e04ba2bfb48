/** What every reader of traces is. */
import { UserError } from '../../lib/user-error.ts'

/** One request as a trace tells it, not yet aligned. */
export type TraceRequest =
  | { readonly kind: 'flush' }
  | {
      readonly kind: 'read' | 'write' | 'discard' | 'zero'
      /** Bytes. */
      readonly offset: bigint
      /** Bytes. */
      readonly length: bigint
      /** It is on the disk when it ends. */
      readonly forceUnitAccess?: boolean
    }

/** Reads a line of a trace: none where it holds no request. @throws UserError saying what is wrong with it */
export type LineReader = (line: string) => readonly TraceRequest[]

export interface TraceFormat {
  /** As people call it. */
  readonly name: string
  /** Whether this looks like one. @param lines the first of the file, blank ones left out */
  recognizes(lines: readonly string[]): boolean
  /** A reader for one file, to be given its lines in order. @param lines all of them */
  reader(lines: readonly string[]): LineReader
}

/** @returns a count of bytes or sectors. @param what its name in the trace @throws UserError */
export function traceNumber(text: string | undefined, what: string): bigint {
  if (text !== undefined && /^\d{1,19}$/.test(text)) return BigInt(text)
  throw new UserError(text ? `the ${what} '${text}' is no whole number` : `the ${what} is missing`)
}
