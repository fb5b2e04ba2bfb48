import { type FormEvent, useState } from 'react'
import { UserError } from '../../lib/user-error.ts'
import { sessionStore } from '../../state/session-store.ts'
import { useUi } from '../../state/ui-store.ts'
import type { WorkloadRequest } from '../../workload/generators/index.ts'
import { DEFAULT_WRITES, GENERATORS, parseWorkload } from '../../worker/catalogue.ts'
import { Modal } from './modal.tsx'
import './workload-dialog.css'

/** More than that keeps a browser busy for minutes. */
const MOST_WRITES = 100_000

/** A generated workload for the open image. */
export function WorkloadDialog() {
  return (
    <Modal
      name="workload"
      title="Run a workload"
      description="Commands as a guest would cause them. The same workload, count and seed give the same commands on every machine."
    >
      <WorkloadForm />
    </Modal>
  )
}

function WorkloadForm() {
  const close = useUi(state => state.close)
  const [name, setName] = useState(GENERATORS[0]?.name ?? '')
  const [count, setCount] = useState(String(DEFAULT_WRITES))
  const [seed, setSeed] = useState('0')
  const { request, error } = readWorkload(`${name}:${count.trim()}:${seed.trim()}`)

  const run = (event: FormEvent) => {
    event.preventDefault()
    if (!request) return
    close()
    runWorkload(request)
  }

  return (
    <form onSubmit={run}>
      <fieldset className="workload-choices">
        <legend className="visually-hidden">Workload</legend>
        {GENERATORS.map(each => (
          <label key={each.name} className="workload-choice">
            <input
              type="radio"
              name="workload"
              value={each.name}
              aria-label={each.name}
              checked={each.name === name}
              onChange={() => setName(each.name)}
            />
            <span>
              <b>{each.name}</b>
              <small>{each.summary}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="workload-numbers">
        <Field label="Writes" value={count} onChange={setCount} />
        <Field label="Seed" value={seed} onChange={setSeed} />
      </div>
      <p className="workload-error" role="alert">
        {error && (
          <>
            <b>{error.message}.</b> {error.advice}
          </>
        )}
      </p>
      <div className="modal-actions">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" className="button button-primary" disabled={!request}>
          Run
        </button>
      </div>
    </form>
  )
}

interface FieldProps {
  readonly label: string
  readonly value: string
  onChange(value: string): void
}

function Field({ label, value, onChange }: FieldProps) {
  return (
    <label className="workload-field">
      <span>{label}</span>
      <input
        className="field mono"
        inputMode="numeric"
        value={value}
        autoComplete="off"
        onChange={event => onChange(event.target.value)}
      />
    </label>
  )
}

type Reading =
  | { readonly request: WorkloadRequest; readonly error: undefined }
  | { readonly request: undefined; readonly error: UserError }

function readWorkload(text: string): Reading {
  try {
    return { request: parseWorkload(text, MOST_WRITES), error: undefined }
  } catch (error) {
    if (error instanceof UserError) return { request: undefined, error }
    throw error
  }
}

function runWorkload({ generator, count, seed }: WorkloadRequest): void {
  const { image, runCommands } = sessionStore.getState()
  if (!image) return
  const lines = generator.lines({ count, seed, diskSize: image.virtualSize })
  void runCommands([...lines].join('\n'))
}
