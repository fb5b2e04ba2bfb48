import { blockdevJson, driveLine, fileForQemu, unknownToQemu } from '../../state/qemu-options.ts'
import { useSession } from '../../state/session-store.ts'
import { copyText } from '../commands/actions.ts'
import { Modal } from './modal.tsx'

/** The options of the page as QEMU takes them. */
export function QemuOptionsDialog() {
  const options = useSession(state => state.options)
  const choice = useSession(state => state.choice)
  const opened =
    choice?.kind === 'file' ? choice.file.name : choice?.kind === 'sample' ? choice.name : 'image.qcow2'
  const { name: fileName, unpack } = fileForQemu(opened)
  const notes = unknownToQemu(options)
  if (unpack) notes.unshift(`QEMU does not read gzip: unpack the file first, with gunzip -k.`)
  return (
    <Modal
      name="qemu-options"
      title="As QEMU options"
      size="wide"
      description={
        options.version === 'mainline'
          ? 'For any QEMU of today: without a metadata list there is nothing but overlap-check to choose.'
          : 'For a QEMU that has the metadata-list series: overlap-structures is its own; overlap-check every QEMU knows.'
      }
    >
      {notes.map(note => (
        <p key={note} className="snippet-note">
          {note}
        </p>
      ))}
      <Snippet title="JSON, for blockdev-add" text={blockdevJson(options, fileName)} />
      <Snippet title="On the command line" text={driveLine(options, fileName)} />
    </Modal>
  )
}

function Snippet({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <>
      <h3>{title}</h3>
      <pre className="snippet mono">{text}</pre>
      <button type="button" className="button button-small" onClick={() => void copyText(text, title)}>
        Copy
      </button>
    </>
  )
}
