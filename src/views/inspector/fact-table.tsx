import { copyText } from '../commands/actions.ts'
import type { Fact } from './facts.ts'
import { OffsetLink } from './offset-link.tsx'

/** Names on the left, values on the right. */
export function FactTable({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(fact => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>
            <span className={fact.mono ? 'mono' : undefined}>
              {fact.target === undefined ? (
                fact.value
              ) : (
                <OffsetLink offset={fact.target}>{fact.value}</OffsetLink>
              )}
            </span>{' '}
            {fact.note && (
              <span className={fact.fault ? 'facts-note facts-fault' : 'facts-note'}>{fact.note}</span>
            )}
            {fact.copyable && (
              <button
                type="button"
                className="link facts-copy"
                aria-label={`Copy ${fact.name}`}
                onClick={() => void copyText(fact.value, fact.name)}
              >
                copy
              </button>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
