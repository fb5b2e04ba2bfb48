/**
 * The quantities that the whole house speaks of, each a type of its own, so that a cluster index is
 * never passed for an offset. None of them costs anything at run time.
 */

declare const unit: unique symbol

/** A byte offset in the image file. Below 2^63, so past what a Number holds exactly: a bigint. */
export type HostOffset = bigint & { readonly [unit]?: 'HostOffset' }

/** A byte offset in the disk that the guest sees. */
export type GuestOffset = bigint & { readonly [unit]?: 'GuestOffset' }

/**
 * Host offset / cluster size, as a Number. Files are at most 2^53 - 1 bytes long (a File's or a file
 * descriptor's size is a Number), so every cluster inside a file is below 2^44 and exact. What points
 * further is kept as a HostOffset and reported, never used as a ClusterIndex.
 */
export type ClusterIndex = number & { readonly [unit]?: 'ClusterIndex' }

/** Cluster index / 4096. Offsets below 2^63 and clusters of at least 512 bytes keep it below 2^42. */
export type WindowIndex = number & { readonly [unit]?: 'WindowIndex' }

/** A count of bytes below 2^53. */
export type Bytes = number & { readonly [unit]?: 'Bytes' }

/** How many consecutive host clusters one window of the metadata list covers. */
export const WINDOW_CLUSTERS = 4096
