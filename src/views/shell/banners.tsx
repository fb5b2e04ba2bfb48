import { useState } from 'react'
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import { scenarioOptions } from '../../state/scenario-options.ts'
import { useSession } from '../../state/session-store.ts'
import { useUi } from '../../state/ui-store.ts'
import { sameOptions } from '../../worker/catalogue.ts'
import { CommandButton } from '../commands/command-button.tsx'
import { sentence } from '../parts/sentence.ts'
import { listFloor } from '../memory-budget/list-floor.ts'
import { refusedPart } from '../memory-budget/budget-sentence.ts'
import './banners.css'

/** What has to be said above the map: what went wrong, what does not open, what a scenario shows. */
export function Banners() {
  return (
    <div className="shell-banner">
      <LinkBanner />
      <FailureBanner />
      <OutcomeBanner />
      <ScenarioBanner />
    </div>
  )
}

/** What is wrong with the address. It stays in the address line until then, to be mended there. */
function LinkBanner() {
  const badLink = useUi(state => state.badLink)
  const dismiss = useUi(state => state.dismissLink)
  if (!badLink) return null
  return (
    <div className="banner banner-failure" role="alert">
      <div className="banner-text">
        <p>
          <b>The link was not followed.</b> {sentence(badLink.message)}
        </p>
        <p className="muted">{badLink.advice} The address is left as it is until this is dismissed.</p>
      </div>
      <button type="button" className="button button-small" onClick={dismiss}>
        Dismiss
      </button>
    </div>
  )
}

function FailureBanner() {
  const failure = useSession(state => state.failure)
  const image = useSession(state => state.image)
  const dismiss = useSession(state => state.dismissFailure)
  const choice = useSession(state => state.choice)
  const openImage = useSession(state => state.openImage)
  const options = useSession(state => state.options)
  if (!failure) return null
  const { during, message, offset, advice, internal } = failure
  return (
    <div className="banner banner-failure" role="alert">
      <div className="banner-text">
        <p>
          <b>{during} failed.</b> {sentence(message)}
          {offset !== undefined && (
            <>
              {' '}
              At offset <span className="mono">0x{offset.toString(16)}</span>
              {offset >= 1024n && ` (${formatBytes(offset)})`}.
            </>
          )}
        </p>
        <p className="muted">
          {advice ?? (internal ? 'This is a defect of Overlapscope, not of the image.' : '')}
          {image && ` ${image.name} is still shown.`}
        </p>
      </div>
      {internal && choice && (
        <button type="button" className="button button-small" onClick={() => void openImage(choice, options)}>
          Open again
        </button>
      )}
      <button type="button" className="button button-small" onClick={dismiss}>
        Dismiss
      </button>
    </div>
  )
}

/** The image does not open under these options: QEMU's words, why, and what to do. */
function OutcomeBanner() {
  const report = useSession(state => state.report)
  const image = useSession(state => state.image)
  const options = useSession(state => state.options)
  const setOptions = useSession(state => state.setOptions)
  if (!report || !image) return null
  const { outcome, budget } = report
  if (outcome.kind !== 'refused' && outcome.kind !== 'unchecked') return null
  const floor = listFloor(image, report.options)
  return (
    <div className="banner banner-outcome" role="status">
      <div className="banner-text">
        <p>
          <b>{outcome.kind === 'refused' ? 'The image does not open.' : 'Opened unchecked.'}</b> QEMU says:{' '}
          <q className="mono">{outcome.error}</q>
        </p>
        <p className="muted">
          A limit of {formatCount(budget.limit ?? 0n)} bytes has no room for{' '}
          {refusedPart(outcome.error, floor)}. From {formatCount(floor.bytes)} bytes on it opens; every bitmap
          that is to fit takes 4096 more.
          {outcome.kind === 'unchecked' && ' Until then nothing is checked (Overlapscope’s own extension).'}
        </p>
      </div>
      <button
        type="button"
        className="button button-small"
        onClick={() => setOptions({ ...options, totalSizeLimit: BigInt(floor.bytes) })}
      >
        Use {formatCount(floor.bytes)}
      </button>
      {outcome.kind === 'refused' && (
        <CommandButton id="open-unchecked" variant="button-small">
          Open anyway, unchecked (Overlapscope’s own)
        </CommandButton>
      )}
    </div>
  )
}

function ScenarioBanner() {
  const scenario = useSession(state => state.scenario)
  const isRefused = useSession(state => state.report?.outcome.kind === 'refused')
  const failed = useSession(state => state.failure !== undefined)
  const run = useSession(state => state.run)
  const own = useSession(state => scenarioOptions(state.choice))
  const options = useSession(state => state.options)
  const [readIn, setReadIn] = useState(0)
  // One thing to read at a time: what went wrong comes first.
  if (!scenario || isRefused || failed || readIn === run) return null
  // The sentence speaks of what its own options do, whatever the page shows by now.
  const isOwn = own === undefined || sameOptions(own, options)
  return (
    <div className="banner banner-scenario">
      <p className={isOwn ? 'banner-text' : 'banner-text banner-elsewhere'}>
        <b>{scenario.title}.</b> {!isOwn && <em>With the scenario’s own options: </em>}
        {scenario.sentence}
      </p>
      {!isOwn && (
        <CommandButton id="scenario-options" variant="button-small">
          Back to its options
        </CommandButton>
      )}
      <button
        type="button"
        className="button button-quiet button-small"
        aria-label="Hide what the scenario shows"
        onClick={() => setReadIn(run)}
      >
        ✕
      </button>
    </div>
  )
}
