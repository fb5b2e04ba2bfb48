/** What the checks of a run go by. */
import type { OverlapEngine } from '../overlap/engine.ts'
import type { OpeningRun } from './opening-run.ts'
import type { Truth } from './truth.ts'

/**
 * @returns the list; where mainline's check goes through the tables anew each time, whatever the tables say;
 *   undefined where nothing is checked
 */
export const knownBy = ({ engine, outcome }: OpeningRun, truth: Truth): OverlapEngine | undefined =>
  outcome.kind === 'scanned' ? truth.engine : engine
