import { useMemo, useState } from 'react'
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import { sessionStore } from '../../state/session-store.ts'
import { useUi } from '../../state/ui-store.ts'
import { RECIPE_LIBRARY } from '../../worker/catalogue.ts'
import { Segmented } from '../parts/segmented.tsx'
import { Modal } from './modal.tsx'
import { type RecipeReading, readRecipe, recipeName, recipeText } from './recipe-draft.ts'
import { RecipeForm } from './recipe-form.tsx'
import './new-image-dialog.css'

const LIMITS =
  'A synthetic image is never held whole: of a terabyte only the metadata is made. Virtual sizes go as far as an L1 table of 32 MiB reaches.'

/** A synthetic image from a recipe: from the library, by a form, or as JSON. */
export function NewImageDialog() {
  return (
    <Modal name="new-image" title="New image" size="wide" description={LIMITS}>
      <RecipeEditor />
    </Modal>
  )
}

const TABS = [
  { value: 'form', text: 'Form' },
  { value: 'json', text: 'JSON' },
] as const

function RecipeEditor() {
  const close = useUi(state => state.close)
  const [first] = RECIPE_LIBRARY
  const [text, setText] = useState(() => (first ? recipeText(first.recipe) : '{}'))
  const [tab, setTab] = useState<'form' | 'json'>('form')
  const reading = useMemo(() => readRecipe(text), [text])
  const name = reading.recipe && reading.estimate && recipeName(reading.recipe, reading.estimate.virtualSize)

  const create = () => {
    const { recipe } = reading
    if (!recipe || name === undefined) return
    close()
    void sessionStore.getState().openImage({ kind: 'recipe', name, recipe })
  }

  return (
    <div className="new-image">
      <section className="new-image-library" aria-label="Library">
        <h3>Library</h3>
        <ul className="choices">
          {RECIPE_LIBRARY.map(entry => (
            <li key={entry.name}>
              <button
                type="button"
                className="choice"
                aria-pressed={entry.name === name}
                onClick={() => setText(recipeText(entry.recipe))}
              >
                <b>{entry.name}</b>
                <small>{entry.line}</small>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section className="new-image-recipe" aria-label="Recipe">
        <Segmented
          label="How to write the recipe"
          choices={TABS}
          value={tab}
          onChange={value => setTab(value)}
        />
        {tab === 'json' || !reading.recipe ? (
          <textarea
            className="field mono"
            aria-label="Recipe as JSON"
            rows={16}
            spellCheck={false}
            value={text}
            onChange={event => setText(event.target.value)}
          />
        ) : (
          <RecipeForm recipe={reading.recipe} onChange={recipe => setText(recipeText(recipe))} />
        )}
        <Outlook reading={reading} />
        <div className="modal-actions">
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="button button-primary"
            disabled={reading.error !== undefined}
            onClick={create}
          >
            Create and open
          </button>
        </div>
      </section>
    </div>
  )
}

/** What the recipe comes to, or why it cannot be made. */
function Outlook({ reading: { estimate, error } }: { readonly reading: RecipeReading }) {
  if (error)
    return (
      <p className="new-image-outlook new-image-error" role="alert">
        <b>{error.message}</b> {error.advice}
      </p>
    )
  if (!estimate) return null
  return (
    <p className="new-image-outlook muted">
      About {formatBytes(estimate.metadata)} of metadata in {formatCount(estimate.l2Tables)} L2{' '}
      {estimate.l2Tables === 1 ? 'table' : 'tables'}; a file of about {formatBytes(estimate.fileSize)} for a
      disk of {formatBytes(estimate.virtualSize)}.
    </p>
  )
}
