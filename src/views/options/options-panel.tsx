import { formatBytes, formatCount } from '../../lib/sizes.ts'
import type { RunOptions } from '../../simulation/report.ts'
import { nameFault } from '../../state/qemu-names.ts'
import { useSession } from '../../state/session-store.ts'
import { CommandButton } from '../commands/command-button.tsx'
import { DraftField } from '../parts/draft-field.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { limitText, readLimit, readSize, sizeText } from './size-text.ts'
import { slotsOf } from './slots.ts'
import { TypeList } from './type-list.tsx'
import './options.css'

const BITMAP_SIZE = 'overlap-structures.bitmap-size'
const LIMIT = 'overlap-structures.total-size-limit'

const ENGINES = [
  { value: 'v6', text: 'v6', title: 'The last version of the series' },
  { value: 'v4', text: 'v4', title: 'The version whose patch 13 defines the event' },
  {
    value: 'mainline',
    text: 'mainline',
    title: 'QEMU’s own check to this day, which goes through the tables before every write',
  },
] as const

const ENGINE_TEXTS: Readonly<Record<RunOptions['version'], string>> = {
  v6: 'v6 gives up older bitmaps at the limit.',
  v4: 'v4 refuses at once; the slot is wasted.',
  mainline:
    'No list, so no size and no limit: every write goes through the tables. Beside the eight types it knows the bitmap directory.',
}

/** How the image is opened. Every change re-opens it at once. */
export function OptionsPanel() {
  const options = useSession(state => state.options)
  const setOptions = useSession(state => state.setOptions)
  const set = (change: Partial<RunOptions>) => setOptions({ ...options, ...change })

  const acceptBitmapSize = (text: string) => {
    const read = readSize(text, BITMAP_SIZE)
    if (!read.ok) return read.error
    set({ bitmapSize: read.bytes })
    return undefined
  }
  const acceptLimit = (text: string) => {
    const read = readLimit(text, LIMIT)
    if (!read.ok) return read.error
    set({ totalSizeLimit: read.bytes })
    return undefined
  }
  const hasList = options.version !== 'mainline'
  const slots = slotsOf(options.bitmapSize)

  return (
    <section className="panel options" aria-label="Options">
      <div className="panel-head">
        <h2>Options</h2>
        <span className="options-history">
          <CommandButton id="undo" variant="button-quiet button-small" label="Undo">
            ↶
          </CommandButton>
          <CommandButton id="redo" variant="button-quiet button-small" label="Redo">
            ↷
          </CommandButton>
          <CommandButton id="qemu-options" variant="button-quiet button-small">
            As QEMU options
          </CommandButton>
        </span>
      </div>
      <div className="options-body">
        <TypeList />
        <DraftField
          label="Bitmap size"
          value={sizeText(options.bitmapSize)}
          accept={acceptBitmapSize}
          title={`${BITMAP_SIZE}: how much memory bitmaps in slots may take, 4096 bytes each`}
          disabled={!hasList}
          unit={`${formatCount(slots)} ${slots === 1n ? 'slot' : 'slots'}`}
        />
        <DraftField
          label="Limit"
          value={limitText(options.totalSizeLimit)}
          accept={acceptLimit}
          placeholder="unlimited"
          title={`${LIMIT}: bytes, with suffix k, M, G …; empty for none`}
          disabled={!hasList}
          unit={options.totalSizeLimit === undefined ? undefined : formatBytes(options.totalSizeLimit)}
        />
        <div className="options-line options-engine">
          <span>Engine</span>
          <Segmented
            label="Engine"
            choices={ENGINES}
            value={options.version}
            onChange={version => set({ version })}
          />
        </div>
        <p className="options-note">{ENGINE_TEXTS[options.version]}</p>
        <div className="options-names">
          <DraftField
            label="Device"
            value={options.device}
            accept={device => void set({ device })}
            placeholder="none"
            title="Events name it as their reference"
          />
          <DraftField
            label="Node"
            value={options.nodeName}
            accept={nodeName => void set({ nodeName })}
            placeholder="none"
            title="The events' reference where there is no device name"
          />
        </div>
        <p className="options-note options-name-note" role="status">
          {nameNote(options)}
        </p>
        <label className="options-own">
          <input
            type="checkbox"
            checked={options.openUnchecked}
            disabled={!hasList}
            onChange={() => set({ openUnchecked: !options.openUnchecked })}
          />
          <span>
            Open anyway, unchecked <em>Overlapscope’s own, not QEMU’s</em>
          </span>
        </label>
      </div>
    </section>
  )
}

/** The names are taken as they are, for nothing here depends on them; QEMU would be stricter. */
function nameNote({ device, nodeName }: RunOptions): string {
  if (device === '' && nodeName === '') return 'Without either name, events have an empty reference.'
  return nameFault(device, 'device') ?? nameFault(nodeName, 'node') ?? ''
}
