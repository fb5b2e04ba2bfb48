/** Commands given to the open image: what they said, and how they are run, stopped and taken back. */
import type { CommandEntry, ImageSummary, RunReport } from '../simulation/report.ts'
import type { Progress, Reply, RunId } from '../worker/protocol.ts'
import type { Ask, SimulatorClient } from './simulator-client.ts'

export interface CommandState {
  /** What was said, oldest first; of very many the newest. */
  readonly entries: readonly CommandEntry[]
  /** How many requests to run, undo or gather are under way. */
  readonly working: number
  /** How far the present one has come. */
  readonly commandProgress: Progress | undefined
  /** Runs lines of commands behind those that are under way. */
  runCommands(text: string): Promise<void>
  /** Takes the last command back. */
  undoCommand(): Promise<void>
  /** Stops what is under way: commands that were carried out stay. */
  stopCommands(): void
  /** @returns the file as commands have left it; undefined where that failed or was stopped */
  gatherImage(): Promise<Blob | undefined>
}

/** What is kept of a long script's answers. */
const MOST_ENTRIES = 2000

/** The entries after a reply: its own stand in place of all from its first on. */
export function withEntries(
  before: readonly CommandEntry[],
  { from, entries }: Pick<Extract<Reply, { type: 'entries' }>, 'from' | 'entries'>,
): readonly CommandEntry[] {
  return [...before.filter(({ index }) => index < from), ...entries].slice(-MOST_ENTRIES)
}

/** What of the session the actions read and change. */
interface Shown extends CommandState {
  readonly run: RunId
  readonly revision: number
  readonly image: ImageSummary | undefined
  readonly report: RunReport | undefined
}

type Changed = Extract<Reply, { type: 'report' }>

/** A report as it changes what is shown. */
export function shownReport({ report, revision, image }: Changed) {
  return { report, revision, ...(image ? { image } : {}) }
}

export function commandActions(
  client: SimulatorClient,
  set: (change: Partial<Shown>) => void,
  get: () => Shown,
  show: (during: string, error: unknown) => void,
): CommandState {
  /** @returns the answer; undefined where it failed, was stopped, or came for another image */
  const ask = async <A extends Ask>(during: string, request: A) => {
    const { run } = request
    set({ working: get().working + 1 })
    const onReply = (reply: Reply) => {
      if (get().run !== run) return
      if (reply.type === 'entries') set({ entries: withEntries(get().entries, reply) })
      if (reply.type === 'progress') set({ commandProgress: reply.progress })
    }
    try {
      const answer = await client.request(request, onReply)
      return get().run === run ? answer : undefined
    } catch (error) {
      show(during, error)
      return undefined
    } finally {
      const working = get().working - 1
      set({ working, ...(working === 0 ? { commandProgress: undefined } : {}) })
    }
  }

  return {
    entries: [],
    working: 0,
    commandProgress: undefined,

    async runCommands(text) {
      const answer = await ask('Running commands', { type: 'run-commands', run: get().run, text })
      if (answer) set(shownReport(answer))
    },

    async undoCommand() {
      const answer = await ask('Taking back a command', { type: 'undo-command', run: get().run })
      if (answer) set(shownReport(answer))
    },

    stopCommands() {
      if (get().working === 0) return
      client.request({ type: 'cancel', run: get().run }).catch((error: unknown) => show('Stopping', error))
    },

    async gatherImage() {
      const answer = await ask('Gathering the image', { type: 'download-image', run: get().run })
      return answer?.file
    },
  }
}
