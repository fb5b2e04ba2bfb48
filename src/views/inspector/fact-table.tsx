import type { Fact } from './facts.ts'

/** Names on the left, values on the right. */
export function FactTable({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(fact => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>
            <span className={fact.mono ? 'mono' : undefined}>{fact.value}</span>
            {fact.note && (
              <span className={fact.fault ? 'facts-note facts-fault' : 'facts-note'}>{fact.note}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
