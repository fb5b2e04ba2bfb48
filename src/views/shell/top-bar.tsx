import { usePreferences } from '../../state/preferences-store.ts'
import { useSession } from '../../state/session-store.ts'
import { FILE_INPUT_ID, openFile } from '../commands/actions.ts'
import { CommandButton } from '../commands/command-button.tsx'
import { imageFacts, imageFaults } from './image-facts.ts'
import { Logo } from './logo.tsx'
import './top-bar.css'

const THEME_GLYPHS = { system: '◐', light: '☀', dark: '☾' } as const

/** The image's name and facts, and what can be done with the page as a whole. */
export function TopBar() {
  const image = useSession(state => state.image)
  const scenario = useSession(state => state.scenario)
  const options = useSession(state => state.options)
  const theme = usePreferences(state => state.theme)
  const faults = image && imageFaults(image)
  return (
    <header className="top-bar shell-top">
      <Logo />
      <h1 className="top-name" title="Nothing leaves this browser: images are read here, and nowhere else.">
        {scenario?.title ?? image?.name ?? 'Overlapscope'}
      </h1>
      {image ? (
        <p className="top-facts" title={imageFacts(image, options)}>
          {imageFacts(image, options)}
        </p>
      ) : (
        <p className="top-facts">How QEMU guards qcow2 metadata, and what that costs</p>
      )}
      {faults && (
        <span className="top-faults" title={image.problems.map(({ message }) => message).join('\n')}>
          {faults}
        </span>
      )}
      <nav className="top-actions" aria-label="Image">
        <label className="visually-hidden" htmlFor={FILE_INPUT_ID}>
          Image file
        </label>
        <input
          id={FILE_INPUT_ID}
          className="visually-hidden"
          type="file"
          tabIndex={-1}
          onChange={event => {
            const [file] = event.target.files ?? []
            if (file) openFile(file)
            // The same file picked once more is to be opened once more.
            event.target.value = ''
          }}
        />
        <CommandButton id="open" variant="button-primary">
          Open…
        </CommandButton>
        <CommandButton id="new-image">New image…</CommandButton>
        <CommandButton id="scenarios">Scenarios</CommandButton>
        <CommandButton id="share">Share</CommandButton>
        <CommandButton id="theme" variant="top-glyph" label={`Theme: ${theme}`}>
          {THEME_GLYPHS[theme]}
        </CommandButton>
        <CommandButton id="shortcuts" variant="top-glyph" label="Keyboard shortcuts">
          ?
        </CommandButton>
      </nav>
    </header>
  )
}
