/**
 * Properties are tried on the same cases every time, so that a test that passed here passes elsewhere.
 * `PROPERTY_SEED=N npm run test:unit` tries others; a failure names its seed.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) })
