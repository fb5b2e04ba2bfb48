/** @returns the address (its part after `#`) that opens a synthetic image; fields left out are those of a plain 64k one */
export const recipeHash = (name: string, fields: object): string =>
  `v=1&name=${encodeURIComponent(name)}&recipe=${encodeURIComponent(
    JSON.stringify({
      format: 'overlapscope-recipe',
      recipeVersion: 1,
      clusterSize: '64k',
      version: 3,
      refcountBits: 16,
      snapshots: [],
      preallocation: 'off',
      seed: 1,
      ...fields,
    }),
  )}`
