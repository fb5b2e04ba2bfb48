import { useEffect, useState } from 'react'
import { openFile } from '../commands/actions.ts'
import './drop-zone.css'

/** A file may be dropped anywhere on the page, or pasted; while one is dragged over it, the page says so. */
export function DropZone() {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onDragOver = (event: DragEvent) => {
      if (!hasFile(event)) return
      event.preventDefault()
      setOver(true)
    }
    const onDragLeave = (event: DragEvent) => {
      // Leaving for another element of the page has a relatedTarget; leaving the page has none.
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      if (!hasFile(event)) return
      event.preventDefault()
      setOver(false)
      const file = event.dataTransfer?.files[0]
      if (file) openFile(file)
    }
    const onPaste = (event: ClipboardEvent) => {
      const file = event.clipboardData?.files[0]
      if (!file) return
      event.preventDefault()
      openFile(file)
    }
    addEventListener('dragover', onDragOver)
    addEventListener('dragleave', onDragLeave)
    addEventListener('drop', onDrop)
    addEventListener('paste', onPaste)
    return () => {
      removeEventListener('dragover', onDragOver)
      removeEventListener('dragleave', onDragLeave)
      removeEventListener('drop', onDrop)
      removeEventListener('paste', onPaste)
    }
  }, [])
  if (!over) return null
  return (
    <div className="drop-zone">
      <p>
        Drop a qcow2 image to open it
        <small>It is read here and nowhere else: nothing leaves this browser.</small>
      </p>
    </div>
  )
}
