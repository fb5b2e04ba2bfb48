/** What the colour of a cell on the cluster map tells. */
export const LAYERS = ['owner', 'protection', 'refcount', 'age', 'problem'] as const

/** Whose it is; whether it is guarded; how often it is referred to; when its window was last used; what is wrong with it. */
export type Layer = (typeof LAYERS)[number]
