/** What the page asked to open, as bytes to be read and options to begin with. */
import { BlobSource } from '../disk/blob-source.ts'
import { BlobSyncSource } from '../disk/blob-sync-source.ts'
import type { ByteSource } from '../disk/byte-source.ts'
import { gunzipped } from '../disk/gunzip.ts'
import { isSync, type SyncSource } from '../disk/sync-source.ts'
import { throwIfCancelled } from '../lib/cancel.ts'
import { UserError } from '../lib/user-error.ts'
import type { Timestamp } from '../overlap/qmp-event.ts'
import { scenarioById } from '../scenarios/index.ts'
import { timestampOf } from '../simulation/clock.ts'
import type { RunOptions } from '../simulation/report.ts'
import { DEFAULT_OPTIONS } from '../simulation/run-options.ts'
import type { Recipe } from '../workload/recipe.ts'
import { syntheticSourceInSteps } from '../workload/synthetic-image.ts'
import { breath } from './breathing-source.ts'
import type { ProgressReporter, ReadCounter } from './progress.ts'
import type { ImageChoice, ScenarioText } from './protocol.ts'

/** Only workers have it; the page's own types do not know it. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer }

export interface OpenedChoice extends ReadCounter {
  readonly name: string
  readonly disk: ByteSource
  /** The same bytes, to be read at once. */
  readonly source: () => SyncSource
  /** The file itself, where the image is one as it stands. */
  readonly file?: Blob
  /** The scenario's own, or the defaults. */
  readonly options: RunOptions
  /** When the simulated opening begins. */
  readonly clock: Timestamp
  readonly scenario?: ScenarioText
  /** Given as soon as the image is open, lines of them. */
  readonly commands?: string
}

export interface ChoiceHooks {
  readonly signal: AbortSignal
  readonly progress: ProgressReporter
}

/** @throws UserError for a sample that cannot be fetched, a damaged gzip file, an impossible recipe; Cancelled */
export async function openChoice(choice: ImageChoice, hooks: ChoiceHooks): Promise<OpenedChoice> {
  const beginning = { options: DEFAULT_OPTIONS, clock: timestampOf(Date.now()) }
  switch (choice.kind) {
    case 'file':
      return { ...beginning, ...(await openBlob(choice.file.name, choice.file, hooks)) }
    case 'sample':
      return { ...beginning, ...(await openBlob(choice.name, await fetchSample(choice.url, hooks), hooks)) }
    case 'recipe':
      return { ...beginning, name: choice.name, ...(await planned(choice.recipe, hooks)) }
    case 'scenario': {
      const { id, title, sentence, options, clock, recipe, commands } = scenarioById(choice.id)
      const scenario = { id, title, sentence }
      return { name: title, options, clock, scenario, commands, ...(await planned(recipe, hooks)) }
    }
  }
}

async function openBlob(name: string, blob: Blob, { signal, progress }: ChoiceHooks) {
  const counter = { bytesRead: () => source.bytesRead, bytesTotal: blob.size }
  const source: BlobSource<Blob> = new BlobSource(blob, {
    signal,
    join: slices => new Blob(slices),
    onProgress: done => progress.reading(done, counter),
  })
  const disk = await gunzipped(source, {
    signal,
    onProgress: (done, total) => progress.report('Unpacking', done, total, 'bytes', counter),
  })
  if (isSync(disk)) return { name, disk, source: () => disk, ...counter }
  return { name, disk, source: () => new BlobSyncSource(blob, new FileReaderSync()), file: blob, ...counter }
}

/** A synthetic image is made up as it is read; no bytes of any file are. */
async function planned(recipe: Recipe, { signal, progress }: ChoiceHooks) {
  const counter: ReadCounter = { bytesRead: () => 0, bytesTotal: 0 }
  const breathe = breath()
  const disk = await syntheticSourceInSteps(recipe, async ({ done, total }) => {
    progress.report('Placing the guest’s writes', done, total, 'clusters', counter)
    await breathe()
    throwIfCancelled(signal)
  })
  return { disk, source: () => disk, ...counter }
}

async function fetchSample(url: string, { signal }: ChoiceHooks): Promise<Blob> {
  let reason: string
  try {
    const response = await fetch(url, { signal })
    if (response.ok) return await response.blob()
    reason = `${response.status} ${response.statusText}`
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error)
  }
  throw new UserError(`The sample could not be loaded: ${reason}`, {
    advice: 'It lies beside the page itself, under samples/. Reload the page, or open a file of your own.',
  })
}
