import { OWNERS } from '../../lib/owners.ts'
import type { Claim } from '../../qcow2/owner-map.ts'
import type { ClusterInspection } from '../../simulation/inspection.ts'
import { OffsetLink } from './offset-link.tsx'

/** RunFlag of qcow2/owner-map.ts, from which only types can be had here. */
const INACTIVE_ONLY = 4
const FLAG_SENTENCES: readonly (readonly [flag: number, sentence: string])[] = [
  [1, 'Claimed twice, which its refcount does not allow.'],
  [2, 'Its refcount is not what its references come to.'],
  [INACTIVE_ONLY, 'Only snapshots refer to it.'],
  [8, 'It lies past the end of the file.'],
]

/** Enough to see what goes on; a cluster of a hostile image may be claimed millions of times. */
const MAX_CLAIMS = 8

/** Every path that leads to a cluster, each step a link to the field or entry that points on. */
export function ClaimList({ cluster }: { readonly cluster: ClusterInspection }) {
  const { claims, flags } = cluster
  const sentences = FLAG_SENTENCES.filter(([flag]) => flags & flag)
  return (
    <>
      {claims.length > 0 && (
        <ul className="inspector-claims" aria-label={claims.length === 1 ? 'Path' : 'Paths'}>
          {claims.slice(0, MAX_CLAIMS).map((claim, index) => (
            // The order is that of the tables; nothing else tells two equal claims apart.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>
              <ClaimPath claim={claim} />
              <span className="mono"> 0x{cluster.hostOffset.toString(16)}</span>
              {claim.owner !== cluster.owner && <span className="muted"> {OWNERS[claim.owner]?.label}</span>}
            </li>
          ))}
          {claims.length > MAX_CLAIMS && <li className="muted">and {claims.length - MAX_CLAIMS} more</li>}
        </ul>
      )}
      {sentences.map(([flag, sentence]) => (
        <p key={flag} className={flag === INACTIVE_ONLY ? 'muted' : 'inspector-flag'}>
          {sentence}
        </p>
      ))}
    </>
  )
}

function ClaimPath({ claim: { pointers, path } }: { readonly claim: Claim }) {
  if (pointers.length === 0) return <span className="muted">{path.join(' → ')} →</span>
  return pointers.map(({ name, offset }) => (
    <span key={`${name} ${offset}`}>
      <OffsetLink offset={offset}>{name}</OffsetLink>
      <span className="muted"> → </span>
    </span>
  ))
}
