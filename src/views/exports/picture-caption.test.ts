import { expect, test } from 'vitest'
import { DEFAULT_OPTIONS } from '../../simulation/run-options.ts'
import { chooseLayout } from '../../render/layout.ts'
import type { Viewport } from '../../render/viewport.ts'
import { emptyReport, imageSummary } from '../../testing/fake-worker.ts'
import { exportName } from './export-name.ts'
import { pictureCaption } from './picture-caption.ts'

const layout = chooseLayout(4, 4)
const caption = (viewport: Viewport, change = {}) =>
  pictureCaption(
    { image: imageSummary('disk'), report: { ...emptyReport(), ...change }, source: 'a file' },
    layout,
    viewport,
  )
const seen = (viewport: Viewport) => caption(viewport)[3]

test('says what part is seen, and whether all of it', () => {
  expect(layout).toMatchObject({ columns: 4, rows: 1 })
  expect(seen({ width: 600, height: 200, scale: 2, x: -2, y: -20 })).toBe(
    'Seen: all of 4 windows of 4\u202f096 clusters.',
  )
  // Deep inside a window there is no other, and not all of that one.
  expect(seen({ width: 600, height: 200, scale: 20, x: 5, y: 5 })).toBe(
    'Seen: a part of window 0 (host offsets 0 to 256 MiB), of 4 windows of 4\u202f096 clusters in all.',
  )
  expect(seen({ width: 160, height: 200, scale: 1, x: 70, y: -20 })).toContain(
    'Seen: windows 1 to 2 (host offsets 256 MiB to 768 MiB), of 4',
  )
})

test('says under which options, and what came of it', () => {
  const viewport = { width: 600, height: 200, scale: 2, x: -2, y: -20 }
  const coverage = { metadata: 3, guarded: 1, unguarded: 2, lost: 1, lockedOut: 1, typeNotChecked: 0 }
  expect(caption(viewport, { coverage })[2]).toBe(
    'Engine v6, overlap-check=cached, bitmap-size=65536, no memory limit. 3 metadata clusters of checked types: 1 guarded, 2 unguarded.',
  )
  const options = { ...DEFAULT_OPTIONS, version: 'mainline' as const }
  expect(caption(viewport, { options, outcome: { kind: 'scanned' } })[2]).toContain(
    'Mainline’s own check, overlap-check=cached.',
  )
  expect(caption(viewport, { outcome: { kind: 'refused', error: 'No', needed: 1 } })[2]).toContain(
    'does not open: No.',
  )
})

test('names the file after the image', () => {
  expect(exportName('disk.qcow2.gz', 'map.png')).toBe('disk.map.png')
  expect(exportName('The event of the patch', 'map.svg')).toBe('The-event-of-the-patch.map.svg')
  expect(exportName('äöü', 'map.svg')).toBe('image.map.svg')
})
