import fc from 'fast-check'
import { expect, test } from 'vitest'
import { L2References } from './l2-references.ts'

type Reference = readonly [sector: number, l1Index: number, snapshot: number, copied: boolean]

const reference: fc.Arbitrary<Reference> = fc.tuple(
  fc.oneof(
    fc.nat(40).map(table => 128 * table),
    fc.nat(3000),
    fc.constant(2 ** 47 - 1),
  ),
  fc.oneof(fc.nat(5000), fc.constant(2 ** 22 - 1)),
  fc.oneof(fc.constant(-1), fc.nat(65_535)),
  fc.boolean(),
)

const groupedFrom = (all: readonly Reference[]) => {
  const references = new L2References()
  for (const each of all) references.add(...each)
  references.group()
  return references
}

function groupsOf(references: L2References): Reference[][] {
  return Array.from({ length: references.groupCount }, (_, group) =>
    Array.from({ length: references.groupSize(group) }, (__, nth): Reference => {
      const member = references.member(group, nth)
      const sector = references.groupSector(group)
      return [sector, references.l1Index(member), references.snapshot(member), references.isCopied(member)]
    }),
  )
}

test('groups references by their table, in the order in which they were added', () => {
  fc.assert(
    fc.property(fc.array(reference, { maxLength: 1500, size: 'max' }), all => {
      const references = groupedFrom(all)
      const sectors = [...new Set(all.map(([sector]) => sector))].toSorted((one, other) => one - other)
      expect(groupsOf(references)).toEqual(sectors.map(sector => all.filter(each => each[0] === sector)))
      for (const [group, sector] of sectors.entries()) {
        expect(references.groupAt(sector)).toBe(group)
        const active = all.filter(([of, , snapshot]) => of === sector && snapshot < 0)
        expect(references.activeIn(group)).toBe(active.length)
      }
      expect(references.groupAt(3001)).toBe(-1)
    }),
    { numRuns: 60 },
  )
})

test('keeps a table that is referred to once in a few bytes', () => {
  const references = groupedFrom(
    Array.from({ length: 2048 }, (_, i): Reference => [128 * (i * 2000 + (i % 7)), i, -1, true]),
  )
  expect(references.byteLength).toBeLessThan(4 * 2048)
})
