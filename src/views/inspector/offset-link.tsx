import { goToOffset } from './inspector-actions.ts'

interface Props {
  readonly offset: bigint
  /** Left out: the offset in hexadecimal. */
  readonly children?: string
}

/** A place in the file, as a link to it. */
export function OffsetLink({ offset, children }: Props) {
  const hex = `0x${offset.toString(16)}`
  return (
    <button type="button" className="link mono" title={`Go to ${hex}`} onClick={() => goToOffset(offset)}>
      {children ?? hex}
    </button>
  )
}
