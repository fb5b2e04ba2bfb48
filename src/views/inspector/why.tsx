import type { ReactNode } from 'react'

interface Props {
  /** Something is unguarded or was refused. */
  readonly danger: boolean
  readonly children: ReactNode
  /** Further sentences, folded away until asked for. */
  readonly more?: string | undefined
  /** Where more is to be seen. */
  readonly link?: ReactNode
}

/** A sentence that explains; its first words, up to a colon or full stop, are its head. */
export function Why({ danger, children, more, link }: Props) {
  const [, head, rest] = (typeof children === 'string' && /^([^.:]{3,28}[.:])(.*)$/s.exec(children)) || []
  return (
    <div className={danger ? 'why why-danger' : 'why'}>
      <p>
        {head ? (
          <>
            <b>{head}</b>
            {rest}
          </>
        ) : (
          children
        )}
      </p>{' '}
      {more && (
        <details>
          <summary>Why?</summary>
          <p>{more}</p>
        </details>
      )}{' '}
      {link}
    </div>
  )
}
