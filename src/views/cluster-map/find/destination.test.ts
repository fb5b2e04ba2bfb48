import { describe, expect, it } from 'vitest'
import { parseDestination } from './destination.ts'

const extent = { clusterSize: 65536, windows: 4 }
const go = (text: string) => parseDestination(text, extent, 'Type “window 3”.')
const cluster = (start: number) => ({ start, clusters: 1 })

describe('parseDestination', () => {
  it.each([
    ['0', 0],
    ['805306368', 12288],
    ['805 306 368', 12288],
    ['805\u202f306\u202f368', 12288],
    ['0x30000000', 12288],
    ['0X30000FFF', 12288],
    ['768M', 12288],
    ['0x3eb0000', 1003],
    ['0x3eb', 0],
    ['0x300 MiB', 12288],
    ['768m', 12288],
    ['768 MiB', 12288],
    ['0.75G', 12288],
    ['65535 bytes', 0],
    ['offset 768M', 12288],
    ['cluster 12288', 12288],
    ['Cluster 12 288', 12288],
    ['c0x3000', 12288],
    ['cluster: 16383', 16383],
  ])('takes %s for a cluster', (text, start) => {
    expect(go(text)).toEqual(cluster(start))
  })

  it.each(['window 3', 'Window 3', 'w3', 'win #3', ' window  3 '])('takes "%s" for a window', text => {
    expect(go(text)).toEqual({ start: 12288, clusters: 4096 })
  })

  it.each(['', 'somewhere', 'window', 'window x', 'cluster 1.5', 'cluster -1', '-5', '12Q', '0xzz'])(
    'says what it takes instead of "%s"',
    text => {
      expect(() => go(text)).toThrowError(
        expect.objectContaining({ advice: expect.stringContaining('window 3') }),
      )
    },
  )

  it('says how far the image reaches', () => {
    expect(() => go('window 4')).toThrowError(
      expect.objectContaining({
        message: 'There is no window 4.',
        advice: 'The image has windows 0 to 3.',
      }),
    )
    expect(() => go('cluster 16384')).toThrowError('There is no cluster 16\u202f384.')
    expect(() => go('1G')).toThrowError(
      expect.objectContaining({ advice: expect.stringContaining('(1 GiB)') }),
    )
    expect(() => go('9223372036854775807')).toThrowError('lies past the end')
    expect(() => parseDestination('w1', { clusterSize: 512, windows: 1 }, '')).toThrowError(
      expect.objectContaining({ advice: 'The image has window 0 only.' }),
    )
  })
})
