/** Three clusters that are looked after, and one that is not. */
export function Logo() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <rect x="1" y="1" width="9" height="9" rx="2" fill="var(--l2)" />
      <rect x="12" y="1" width="9" height="9" rx="2" fill="var(--rt)" />
      <rect x="1" y="12" width="9" height="9" rx="2" fill="var(--data)" />
      <rect
        x="13"
        y="13"
        width="7"
        height="7"
        rx="1"
        fill="none"
        stroke="var(--danger)"
        strokeWidth="2"
        strokeDasharray="3 2"
      />
    </svg>
  )
}
