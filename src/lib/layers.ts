/** What the map can show of every cluster, one layer at a time. */
export const LAYERS = ['owner', 'protection', 'refcount', 'age', 'problem'] as const
export type Layer = (typeof LAYERS)[number]
