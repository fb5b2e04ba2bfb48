/** What the real QEMU says when it opens broken images, and what we say. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NodeFileSource } from '../disk/node-file.ts'
import { type BaseName, makeBaseImages } from '../testing/base-images.ts'
import { BROKEN_IMAGES, type BrokenImage } from '../testing/broken-images.ts'
import { ImageEditor } from '../testing/image-editor.ts'
import { openInQemu, type QemuOpening } from '../testing/qemu-opening.ts'
import { Qcow2Error } from './errors.ts'
import { openImage } from './open-image.ts'

/** Refused by QEMU, and opened here with the same words as a problem. */
const SHOWN_ANYWAY = [
  'qcow2: Image is corrupt; cannot be opened read/write',
  "'data-file' is required for this image",
  "Parameter 'encrypt.key-secret' is required for cipher",
]

const MIN_REFUSALS = 66

interface Comparison {
  readonly qemu: QemuOpening
  readonly refusal: string | undefined
  readonly offset: bigint | undefined
  readonly problems: readonly string[]
}

const folder = mkdtempSync(join(tmpdir(), 'overlapscope-broken-'))
let bases: Readonly<Record<BaseName, string>>

beforeAll(async () => {
  bases = await makeBaseImages(folder)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function compare(image: BrokenImage): Promise<Comparison> {
  const path = join(folder, `${BROKEN_IMAGES.indexOf(image)}.qcow2`)
  copyFileSync(bases[image.base], path)
  const editor = new ImageEditor(path)
  image.damage(editor)
  editor.close()
  const disk = await NodeFileSource.open(path)
  const ours = await openImage(disk).then(
    ({ problems }) => ({
      refusal: undefined,
      offset: undefined,
      problems: problems.map(problem => problem.message),
    }),
    error => {
      if (!(error instanceof Qcow2Error)) throw error
      return { refusal: error.message, offset: error.offset, problems: [] }
    },
  )
  await disk.close()
  const qemu = await openInQemu(path, image.encryption)
  rmSync(path)
  return { qemu, ...ours }
}

/** QEMU's different refusals, numbers left out. */
const refusals = new Set<string>()

describe('broken images', () => {
  // Should the damage ever miss its mark, QEMU would open everything, and so would we.
  afterAll(() => expect(refusals.size).toBeGreaterThanOrEqual(MIN_REFUSALS))

  test.concurrent.each(BROKEN_IMAGES.map(image => [image.name, image] as const))(
    '%s',
    async (_name, image) => {
      const { qemu, refusal, offset, problems } = await compare(image)
      if (qemu.refusal !== undefined) refusals.add(qemu.refusal.replaceAll(/[0-9]+/g, 'N'))
      const shown = qemu.refusal !== undefined && SHOWN_ANYWAY.includes(qemu.refusal)
      expect(refusal).toBe(shown ? undefined : qemu.refusal)
      expect(offset === undefined).toBe(refusal === undefined)
      expect(problems).toEqual(expect.arrayContaining([...qemu.warnings, ...(shown ? [qemu.refusal] : [])]))
    },
  )
})
