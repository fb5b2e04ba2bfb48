/** The parts of memUsage, in the order in which the gauge stacks them. */
import type { Budget } from '../../simulation/report.ts'

export interface BudgetPart {
  readonly name: 'list' | 'windows' | 'slots' | 'bitmaps' | 'fragments' | 'drift'
  readonly label: string
  readonly bytes: number
  /** CSS. */
  readonly colour: string
  /** What it is, in a sentence. */
  readonly about: string
}

export function budgetParts(budget: Budget): readonly BudgetPart[] {
  return [
    {
      name: 'list',
      label: 'List',
      bytes: budget.list,
      colour: 'var(--text)',
      about: 'The metadata list itself: 56 bytes for the image.',
    },
    {
      name: 'windows',
      label: 'Windows',
      bytes: budget.windows,
      colour: 'var(--muted)',
      about: '32 bytes for each window of 4096 clusters.',
    },
    {
      name: 'slots',
      label: 'Slots',
      bytes: budget.slots,
      colour: 'var(--data)',
      about: '4 bytes for each place in the bitmap cache.',
    },
    {
      name: 'bitmaps',
      label: 'Bitmaps',
      bytes: budget.bitmaps,
      colour: 'var(--cached)',
      about:
        '4096 bytes for each window whose types are held a byte a cluster: those in slots, and kept ones.',
    },
    {
      name: 'fragments',
      label: 'Fragments',
      bytes: budget.fragments,
      colour: 'color-mix(in srgb, var(--cached) 50%, var(--tile))',
      about: '4 bytes for each place in the windows’ fragment lists, the short form they rest in.',
    },
    {
      name: 'drift',
      label: 'Drift',
      bytes: budget.drift,
      colour: 'var(--frag)',
      about:
        'Still on the books, no longer allocated: the original counts shrinking lists in entries, not bytes.',
    },
  ]
}
