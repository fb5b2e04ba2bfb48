import type { ReactNode } from 'react'
import { formatBytes } from '../../lib/sizes.ts'
import type { Fill, PlannedSnapshot, Preallocation, Recipe } from '../../workload/recipe.ts'

interface Props {
  readonly recipe: Recipe
  onChange(recipe: Recipe): void
}

const CLUSTER_SIZES = Array.from({ length: 13 }, (_, i) => 512 * 2 ** i)
const REFCOUNT_BITS = [1, 2, 4, 8, 16, 32, 64]
const PREALLOCATIONS: readonly Preallocation[] = ['off', 'metadata', 'falloc']

const PATTERNS: Readonly<Record<Fill['pattern'], { readonly text: string; readonly start: Fill }>> = {
  empty: { text: 'nothing', start: { pattern: 'empty' } },
  sequential: { text: 'in order', start: { pattern: 'sequential', share: 0.5 } },
  random: { text: 'at random', start: { pattern: 'random', share: 0.1 } },
  'every-nth': { text: 'every nth cluster', start: { pattern: 'every-nth', n: 2 } },
  'hot-spots': { text: 'around hot spots', start: { pattern: 'hot-spots', share: 0.05, spots: 8 } },
}

/** Every field of a recipe. What does not go together is told below the form, with the limit it meets. */
export function RecipeForm({ recipe, onChange }: Props) {
  const set = (change: Partial<Recipe>) => onChange({ ...recipe, ...change })
  return (
    <div className="recipe-form">
      <Line label="Virtual size">
        <input
          className="field mono"
          value={recipe.virtualSize}
          spellCheck={false}
          onChange={event => set({ virtualSize: event.target.value })}
        />
      </Line>
      <Line label="Cluster size">
        <select
          className="field"
          value={bytesOfChoice(recipe.clusterSize)}
          onChange={event => set({ clusterSize: Number(event.target.value) })}
        >
          {CLUSTER_SIZES.map(size => (
            <option key={size} value={size}>
              {formatBytes(size)}
            </option>
          ))}
        </select>
      </Line>
      <Line label="Format version">
        <select
          className="field"
          value={recipe.version}
          onChange={event => {
            const version = event.target.value === '2' ? 2 : 3
            // Version 2 has no field for another width.
            set(version === 2 ? { version, refcountBits: 16 } : { version })
          }}
        >
          <option value={3}>3 (compat=1.1)</option>
          <option value={2}>2 (compat=0.10)</option>
        </select>
      </Line>
      <Line label="Refcount bits">
        <select
          className="field"
          value={recipe.refcountBits}
          disabled={recipe.version === 2}
          onChange={event => set({ refcountBits: Number(event.target.value) })}
        >
          {REFCOUNT_BITS.map(bits => (
            <option key={bits}>{bits}</option>
          ))}
        </select>
      </Line>
      <Line label="Preallocation">
        <select
          className="field"
          value={recipe.preallocation}
          onChange={event => set({ preallocation: event.target.value as Preallocation })}
        >
          {PREALLOCATIONS.map(each => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </Line>
      <FillFields fill={recipe.fill} onChange={fill => set({ fill })} />
      <Line label="Seed">
        <NumberField value={recipe.seed} min={0} max={0xffffffff} step={1} onChange={seed => set({ seed })} />
      </Line>
      <Snapshots snapshots={recipe.snapshots} onChange={snapshots => set({ snapshots })} />
    </div>
  )
}

function bytesOfChoice(size: number | string): number {
  const suffix = typeof size === 'string' ? /^(\d+)([kKmM]?)$/.exec(size) : undefined
  if (!suffix) return Number(size)
  return Number(suffix[1]) * ({ '': 1, k: 1024, m: 1048576 }[suffix[2]?.toLowerCase() ?? ''] ?? 1)
}

function FillFields({ fill, onChange }: { readonly fill: Fill; onChange(fill: Fill): void }) {
  return (
    <>
      <Line label="Guest writes">
        <select
          className="field"
          value={fill.pattern}
          onChange={event => onChange(PATTERNS[event.target.value as Fill['pattern']].start)}
        >
          {Object.entries(PATTERNS).map(([pattern, { text }]) => (
            <option key={pattern} value={pattern}>
              {text}
            </option>
          ))}
        </select>
      </Line>
      {'share' in fill && (
        <Line label="Share written, 0 to 1">
          <NumberField
            value={fill.share}
            min={0}
            max={1}
            step="any"
            onChange={share => onChange({ ...fill, share })}
          />
        </Line>
      )}
      {'n' in fill && (
        <Line label="n">
          <NumberField
            value={fill.n}
            min={1}
            max={2 ** 40}
            step={1}
            onChange={n => onChange({ ...fill, n })}
          />
        </Line>
      )}
      {'spots' in fill && (
        <Line label="Hot spots">
          <NumberField
            value={fill.spots}
            min={1}
            max={65536}
            step={1}
            onChange={spots => onChange({ ...fill, spots })}
          />
        </Line>
      )}
    </>
  )
}

interface SnapshotsProps {
  readonly snapshots: readonly PlannedSnapshot[]
  onChange(snapshots: readonly PlannedSnapshot[]): void
}

function Snapshots({ snapshots, onChange }: SnapshotsProps) {
  const replace = (place: number, change: Partial<PlannedSnapshot>) =>
    onChange(snapshots.map((each, i) => (i === place ? { ...each, ...change } : each)))
  return (
    <div className="recipe-snapshots">
      <span>Snapshots, each taken when that share of the writing was done</span>
      {snapshots.map((snapshot, place) => (
        // A snapshot is known by its place: two may have the same name while one is being typed.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={place}>
          <input
            className="field"
            aria-label={`Name of snapshot ${place + 1}`}
            value={snapshot.name}
            onChange={event => replace(place, { name: event.target.value })}
          />
          <NumberField
            label={`Share at snapshot ${place + 1}`}
            value={snapshot.at}
            min={0}
            max={1}
            step="any"
            onChange={at => replace(place, { at })}
          />
          <button
            type="button"
            className="button button-small"
            aria-label={`Remove snapshot ${snapshot.name}`}
            onClick={() => onChange(snapshots.filter((_, i) => i !== place))}
          >
            ✕
          </button>
        </div>
      ))}
      <button
        type="button"
        className="button button-small"
        onClick={() => onChange([...snapshots, { name: `snapshot-${snapshots.length + 1}`, at: 0.5 }])}
      >
        Add a snapshot
      </button>
    </div>
  )
}

interface NumberProps {
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number | 'any'
  readonly label?: string
  onChange(value: number): void
}

function NumberField({ value, min, max, step, label, onChange }: NumberProps) {
  return (
    <input
      className="field mono"
      type="number"
      aria-label={label}
      value={value}
      min={min}
      max={max}
      step={step}
      onChange={event => onChange(event.target.valueAsNumber || 0)}
    />
  )
}

function Line({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/label-has-associated-control -- the control is the child
    <label className="recipe-line">
      <span>{label}</span>
      {children}
    </label>
  )
}
