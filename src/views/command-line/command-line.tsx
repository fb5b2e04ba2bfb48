import { formatCount } from '../../lib/sizes.ts'
import { sessionStore, useSession } from '../../state/session-store.ts'
import { CommandButton } from '../commands/command-button.tsx'
import { CommandInput } from './command-input.tsx'
import { Transcript } from './transcript.tsx'
import './command-line.css'

const EXAMPLES: readonly { readonly script: string; readonly what: string }[] = [
  { script: 'write -P 0x11 64k 64k', what: 'a guest write' },
  { script: 'snapshot -c before', what: 'an internal snapshot' },
  { script: 'discard 0 1M', what: 'clusters given back' },
]

/** The command line: qemu-io's language over the open image. */
export function CommandLine() {
  const entries = useSession(state => state.entries)
  const isOpen = useSession(state => state.run > 0)
  return (
    <section className="panel command-line" aria-label="Commands" data-panel="commands">
      <div className="panel-head">
        <h2>Commands</h2>
        <span className="command-tools">
          <CommandButton
            id="undo-command"
            variant="button-quiet button-small"
            label="Take the last command back"
          >
            ↶
          </CommandButton>
          <CommandButton id="run-script" variant="button-small" label="Run a script or trace from a file">
            Script…
          </CommandButton>
          <CommandButton id="run-workload" variant="button-small" label="Run a workload">
            Workload…
          </CommandButton>
          <CommandButton id="download-image" variant="button-quiet button-small" label="Download image">
            ↓
          </CommandButton>
        </span>
      </div>
      {entries.length > 0 ? <Transcript entries={entries} /> : <Examples />}
      <Working />
      <GivenUp />
      {isOpen && <CommandInput />}
    </section>
  )
}

function Examples() {
  const isOpen = useSession(state => state.run > 0)
  return (
    <div className="panel-body command-examples">
      <p className="muted">
        What a guest does to the image, in qemu-io’s language. The file itself stays as it is. Try:
      </p>
      <ul>
        {EXAMPLES.map(({ script, what }) => (
          <li key={script}>
            <button
              type="button"
              className="button button-quiet button-small mono"
              disabled={!isOpen}
              onClick={() => void sessionStore.getState().runCommands(script)}
            >
              {script}
            </button>{' '}
            <span className="muted">{what}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** How far a long script has come, and a way to stop it. */
function Working() {
  const working = useSession(state => state.working)
  const progress = useSession(state => state.commandProgress)
  if (working === 0 || !progress) return null
  const { phase, done, total } = progress
  return (
    <div className="command-working">
      <p role="status">
        {phase}: {formatCount(done)} of {formatCount(total)}
      </p>
      <progress aria-label={phase} max={1} value={total > 0 ? done / total : 0} />
      <CommandButton id="stop-commands" variant="button-small">
        Stop
      </CommandButton>
    </div>
  )
}

/** What a person would do at a shell when the image was given up. */
function GivenUp() {
  const live = useSession(state => state.report?.live)
  if (!live || (!live.isClosed && live.unreadable === undefined)) return null
  return (
    <div className="command-given-up" role="status">
      <p>
        {live.unreadable === undefined
          ? 'Given up: “No medium found”.'
          : `The image can no longer be read, and an older picture is shown: ${live.unreadable}`}
      </p>
      <CommandButton id="repair" variant="button-small">
        Repair
      </CommandButton>
      <CommandButton id="reopen" variant="button-small">
        Reopen
      </CommandButton>
    </div>
  )
}
