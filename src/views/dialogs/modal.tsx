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
          <div className="modal-head">
            <Dialog.Title className="modal-title">{title}</Dialog.Title>
            <Dialog.Close className="button button-quiet button-small" aria-label="Close">
              ✕
            </Dialog.Close>
          </div>
          {description && (
            <Dialog.Description className="modal-description">{description}</Dialog.Description>
          )}
          <div className="modal-body">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
