import { useEffect, useState } from 'react'
import { loadSamples, type Sample, sampleChoice } from '../../state/samples.ts'
import { sessionStore, useSession } from '../../state/session-store.ts'
import { useUi } from '../../state/ui-store.ts'
import { SCENARIOS } from '../../worker/catalogue.ts'
import type { ImageChoice } from '../../worker/protocol.ts'
import { Modal } from './modal.tsx'

/** What is ready to be looked at: scenarios with their own options, and real images made by qemu-img. */
export function ScenariosDialog() {
  const current = useSession(state => state.scenario?.id)
  return (
    <Modal
      name="scenarios"
      title="Scenarios and samples"
      size="wide"
      description="A scenario is a synthetic image with options under which something happens. A sample is a small real image."
    >
      <h3>Scenarios</h3>
      <ul className="choices">
        {SCENARIOS.map(({ id, title, sentence }) => (
          <Choice
            key={id}
            title={title}
            line={sentence}
            current={id === current}
            choice={{ kind: 'scenario', id }}
          />
        ))}
      </ul>
      <h3>Samples made by qemu-img</h3>
      <Samples />
    </Modal>
  )
}

function Samples() {
  const [samples, setSamples] = useState<readonly Sample[]>()
  const [failure, setFailure] = useState<string>()
  useEffect(() => {
    loadSamples().then(setSamples, (error: Error) => setFailure(error.message))
  }, [])
  if (failure !== undefined) return <p className="muted">{failure}</p>
  if (!samples) return <p className="muted">Reading the list…</p>
  return (
    <ul className="choices">
      {samples.map(sample => (
        <Choice key={sample.file} title={sample.title} line={sample.how} choice={sampleChoice(sample)} />
      ))}
    </ul>
  )
}

interface ChoiceProps {
  readonly title: string
  readonly line: string
  readonly choice: ImageChoice
  readonly current?: boolean
}

function Choice({ title, line, choice, current = false }: ChoiceProps) {
  const close = useUi(state => state.close)
  const open = () => {
    close()
    void sessionStore.getState().openImage(choice)
  }
  return (
    <li>
      <button type="button" className="choice" aria-pressed={current} onClick={open}>
        <b>{title}</b>
        <small>{line}</small>
      </button>
    </li>
  )
}
