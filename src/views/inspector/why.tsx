import type { ReactNode } from 'react'

interface Props {
  /** Something is unguarded or was refused. */
  readonly danger: boolean
  readonly children: ReactNode
}

/** A sentence that explains; its first words, up to a colon or full stop, are its head. */
export function Why({ danger, children }: Props) {
  const [, head, rest] = (typeof children === 'string' && /^([^.:]{3,28}[.:])(.*)$/s.exec(children)) || []
  return (
    <p className={danger ? 'why why-danger' : 'why'}>
      {head ? (
        <>
          <b>{head}</b>
          {rest}
        </>
      ) : (
        children
      )}
    </p>
  )
}
