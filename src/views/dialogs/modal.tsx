import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { type DialogName, useUi } from '../../state/ui-store.ts'
import './modal.css'

interface Props {
  readonly name: DialogName
  readonly title: string
  readonly description?: ReactNode
  readonly size?: 'narrow' | 'wide'
  readonly children: ReactNode
}

/** A dialog over the page, open while the page's state says so. */
export function Modal({ name, title, description, size = 'narrow', children }: Props) {
  const isOpen = useUi(state => state.dialog === name)
  const close = useUi(state => state.close)
  return (
    <Dialog.Root open={isOpen} onOpenChange={open => !open && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="modal-backdrop" />
        <Dialog.Popup className={`modal modal-${size}`}>
          <Dialog.Title className="modal-title">{title}</Dialog.Title>
          {description && (
            <Dialog.Description className="modal-description">{description}</Dialog.Description>
          )}
          <div className="modal-body">{children}</div>
          {/* Last, so that the dialog opens with the focus on what it is about. */}
          <Dialog.Close className="button button-quiet button-small modal-close" aria-label="Close">
            ✕
          </Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
