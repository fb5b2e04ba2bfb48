/**
 * The image that is open, how, and what the run over it reported. Re-running under changed options is
 * "latest wins": one run is in flight, and of those asked for meanwhile only the newest is kept.
 */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { Cancelled } from '../lib/cancel.ts'
import { UserError } from '../lib/user-error.ts'
import type { ImageSummary, RunOptions, RunReport } from '../simulation/report.ts'
import type {
  Failure,
  ImageChoice,
  Outline,
  Progress,
  Reply,
  RunId,
  ScenarioText,
} from '../worker/protocol.ts'
import { type CommandState, commandActions, shownReport, withEntries } from './command-actions.ts'
import { DEFAULT_OPTIONS, sameOptions } from '../worker/catalogue.ts'
import { simulator } from './simulator.ts'
import { SimulationFailed, type SimulatorClient, WorkerLost } from './simulator-client.ts'

export interface ShownFailure extends Failure {
  /** What was being done, "Opening disk.qcow2". */
  readonly during: string
}

export interface Opening {
  readonly run: RunId
  readonly choice: ImageChoice
  /** What is known of the image while its tables are still being followed: enough for a coarse map. */
  readonly outline?: Outline
}

export interface SessionState extends CommandState {
  /** The run whose image is shown; 0 as long as none is. */
  readonly run: RunId
  /** Counts the runs of this image under different options; tiles and log pages belong to one. */
  readonly revision: number
  readonly choice: ImageChoice | undefined
  readonly image: ImageSummary | undefined
  readonly scenario: ScenarioText | undefined
  readonly report: RunReport | undefined
  /** The options asked for last; the report may still be of those before. */
  readonly options: RunOptions
  readonly opening: Opening | undefined
  /** Whether a run under changed options is under way. */
  readonly rerunning: boolean
  readonly progress: Progress | undefined
  /** How long that opening has taken when the progress was told, ms. */
  readonly elapsed: number
  readonly failure: ShownFailure | undefined
  readonly past: readonly RunOptions[]
  readonly future: readonly RunOptions[]
  /**
   * Opens an image; the one before stays until that has succeeded.
   * @param options left out: a scenario's own, or those in force, or QEMU's defaults
   */
  openImage(choice: ImageChoice, options?: RunOptions): Promise<void>
  /** @param gesture changes of one gesture (a drag) are undone as one */
  setOptions(options: RunOptions, gesture?: string): void
  undo(): void
  redo(): void
  /** Stops the opening that is under way. */
  cancel(): void
  dismissFailure(): void
}

export function nameOf(choice: ImageChoice): string {
  if (choice.kind === 'file') return choice.file.name
  return choice.kind === 'scenario' ? choice.id : choice.name
}

/** @param base the page's own address, from which that of a sample is told */
export function createSessionStore(client: SimulatorClient, base: () => string) {
  let lastRun: RunId = 0
  let running = false
  let gestureOfLast: string | undefined
  /** What the worker was last asked to run under. Not the report's own: it may put them differently. */
  let ranUnder: RunOptions = DEFAULT_OPTIONS

  return createStore<SessionState>()((set, get) => {
    const show = (during: string, error: unknown) => {
      if (error instanceof Cancelled) return
      // What a lost worker took along is told by its own listener.
      if (error instanceof WorkerLost) return
      set({ failure: { during, ...failureOf(error) } })
    }

    client.onLost(lost => {
      const { image, choice, opening } = get()
      const gone = opening ? nameOf(opening.choice) : image?.name
      const advice = gone
        ? `What it held of ${gone} is lost${image ? '; what you see is its last state' : ''}. Open ${gone} again.`
        : undefined
      set({
        opening: undefined,
        progress: undefined,
        failure: {
          during: choice ? `Simulating ${nameOf(choice)}` : 'Starting',
          message: lost.message,
          ...(advice === undefined ? {} : { advice }),
          internal: true,
        },
      })
    })

    /** Runs until the report is of the options asked for last. */
    const catchUp = async () => {
      if (running) return
      running = true
      try {
        for (let state = get(); state.run > 0 && !sameOptions(ranUnder, state.options); state = get()) {
          const { run, options } = state
          ranUnder = options
          set({ rerunning: true })
          const onReply = (reply: Reply) => {
            if (reply.type === 'progress' && !get().opening) set({ progress: reply.progress })
            if (reply.type === 'entries' && get().run === run)
              set({ entries: withEntries(get().entries, reply) })
          }
          try {
            const answer = await client.request({ type: 'options', run, options }, onReply)
            if (get().run === run) set(shownReport(answer))
          } catch (error) {
            show(`Re-opening ${get().image?.name ?? ''}`, error)
            // Back to what is shown: the options on the page must be those of the picture beside them.
            const { report } = get()
            if (get().run === run && get().options === options && report) {
              ranUnder = report.options
              set({ options: report.options })
            }
          }
        }
      } finally {
        running = false
        set(get().opening ? { rerunning: false } : { rerunning: false, progress: undefined })
      }
    }

    const change = (options: RunOptions, rest: Partial<SessionState>) => {
      set({ options, ...rest })
      return catchUp()
    }

    return {
      run: 0,
      revision: 0,
      choice: undefined,
      image: undefined,
      scenario: undefined,
      report: undefined,
      options: DEFAULT_OPTIONS,
      opening: undefined,
      rerunning: false,
      progress: undefined,
      elapsed: 0,
      failure: undefined,
      past: [],
      future: [],

      async openImage(choice, options) {
        get().cancel()
        const run = ++lastRun
        const asked = options ?? optionsFor(choice, get())
        const current = () => get().opening?.run === run
        let opened: Extract<Reply, { type: 'opened' }> | undefined
        let { entries }: Pick<SessionState, 'entries'> = { entries: [] }
        const started = performance.now()
        set({ opening: { run, choice }, progress: undefined, failure: undefined })
        const onReply = (reply: Reply) => {
          if (reply.type === 'opened') opened = reply
          if (reply.type === 'entries') entries = withEntries(entries, reply)
          if (reply.type === 'outline' && current()) set({ opening: { run, choice, outline: reply.outline } })
          if (reply.type === 'progress' && current())
            set({ progress: reply.progress, elapsed: performance.now() - started })
        }
        const image = located(choice, base)
        const request = { type: 'open', run, image, ...(asked ? { options: asked } : {}) } as const
        try {
          const { report, revision } = await client.request(request, onReply)
          if (!current() || !opened) return
          const { scenario } = opened
          gestureOfLast = undefined
          const { options: inForce } = report
          ranUnder = inForce
          set({
            run,
            revision,
            choice,
            image: opened.image,
            scenario,
            report,
            options: inForce,
            entries,
            past: [],
            future: [],
          })
        } catch (error) {
          if (current()) show(`Opening ${nameOf(choice)}`, error)
        } finally {
          if (current()) set({ opening: undefined, progress: undefined })
        }
      },

      setOptions(options, gesture) {
        const { past, options: before } = get()
        if (sameOptions(before, options)) return
        const sameGesture = gesture !== undefined && gesture === gestureOfLast
        gestureOfLast = gesture
        void change(options, { past: sameGesture ? past : [...past, before], future: [] })
      },

      undo() {
        const { past, future, options } = get()
        const to = past.at(-1)
        gestureOfLast = undefined
        if (to) void change(to, { past: past.slice(0, -1), future: [options, ...future] })
      },

      redo() {
        const { past, future, options } = get()
        const [to] = future
        gestureOfLast = undefined
        if (to) void change(to, { past: [...past, options], future: future.slice(1) })
      },

      cancel() {
        const { opening } = get()
        if (!opening) return
        set({ opening: undefined, progress: undefined })
        client
          .request({ type: 'cancel', run: opening.run })
          .catch((error: unknown) => show('Cancelling', error))
      },

      ...commandActions(client, set, get, show),

      dismissFailure: () => set({ failure: undefined }),
    }
  })
}

/** The worker has an address of its own, so that "samples/…" would mean another place to it. */
function located(choice: ImageChoice, base: () => string): ImageChoice {
  return choice.kind === 'sample' ? { ...choice, url: new URL(choice.url, base()).href } : choice
}

/**
 * A scenario brings its own. One's own images keep the options from one to the next, but do not
 * inherit a scenario's: its limit is made for its own image.
 */
function optionsFor(choice: ImageChoice, state: SessionState): RunOptions | undefined {
  if (choice.kind === 'scenario') return undefined
  return state.choice && state.choice.kind !== 'scenario' ? state.options : DEFAULT_OPTIONS
}

function failureOf(error: unknown): Failure {
  if (error instanceof UserError) {
    const { message, offset, advice } = error
    const internal = error instanceof SimulationFailed && error.internal
    return {
      message,
      ...(offset === undefined ? {} : { offset }),
      ...(advice === undefined ? {} : { advice }),
      internal,
    }
  }
  return { message: error instanceof Error ? error.message : String(error), internal: true }
}

export const sessionStore = createSessionStore(simulator, () => document.baseURI)

export function useSession<T>(select: (state: SessionState) => T): T {
  return useStore(sessionStore, select)
}
