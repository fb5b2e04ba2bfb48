import { describe, expect, it } from 'vitest'
import { readScriptOrTrace, readTrace, traceFormatOf } from './read-trace.ts'

const GIB = 2n ** 30n

/** What a trace becomes: commands as they stand, wrong lines as what is said of them. */
function read(text: string, diskSize = GIB, reads = true): string[] {
  const format = traceFormatOf(text)
  if (!format) throw new Error('this is no trace')
  return [...readTrace(text, format, { diskSize, reads })].map(
    ({ text: line, error }) => error?.message ?? line,
  )
}

const FIO_2 = `fio version 2 iolog
/dev/vdb add
/dev/vdb open
/dev/vdb write 0 4096
/dev/vdb read 65536 4096
/dev/vdb wait 1000 0
/dev/vdb trim 1048576 65536
/dev/vdb sync 0 0
/dev/vdb datasync 0 0
/dev/vdb close
`

const FIO_3 = `fio version 3 iolog
0 /dev/vdb add
1 /dev/vdb open
12 /dev/vdb write 8192 4096
13 /dev/vdb sync 0 0
15 /dev/vdb close
`

const BLKTRACE = `  8,0    3        1     0.000000000   697  A   W 223490 + 8 <- (8,1) 223427
  8,0    3        2     0.000000829   697  Q   W 223490 + 8 [kjournald]
  8,0    3        3     0.000004139   697  G   W 223490 + 8 [kjournald]
  8,0    3        4     0.000005101   697  P   N [kjournald]
  8,0    3        5     0.000011330   697  U   N [kjournald] 1
  8,0    3        6     0.000013119   697  I   W 223490 + 8 (    7980 ) [kjournald]
  8,0    3        7     0.000017030   697  D   W 223490 + 8 (    3911 ) [kjournald]
  8,0    1        8     0.000260130  1200  Q  RA 2048 + 256 [fio]
  8,0    1        9     0.000360130  1200  Q FWFSM 4096 + 8 [jbd2/sda1-8]
  8,0    1       10     0.000460130  1200  Q   D 8192 + 2048 [fstrim]
  8,0    1       11     0.000470130  1200  Q FWS [jbd2/sda1-8]
  8,0    3       12     0.009173000     0  C   W 223490 + 8 (  190000 ) [0]
  8,0    3        0     0.010000000     0  m   N cfq697 put_queue
CPU3 (8,0):
 Reads Queued:           1,      128KiB\t Writes Queued:           2,        8KiB

Total (8,0):
 Reads Queued:           1,      128KiB\t Writes Queued:           2,        8KiB

Throughput (R/W): 0KiB/s / 0KiB/s
Events (8,0): 13 entries
Skips: 0 forward (0 -   0.0%)
`

/** The trace without the events of these actions. */
const without = (actions: string): string =>
  BLKTRACE.split('\n')
    .filter(line => !new RegExp(` [${actions}] +[A-Z]`).test(line))
    .join('\n')

/** What a write becomes. */
const one = (offset: bigint | number, length: bigint | number, diskSize = GIB): string[] =>
  read(`0,${offset},${length},write`, diskSize)

describe('fio', () => {
  it('reads version 2', () => {
    expect(read(FIO_2)).toEqual([
      'write 0 4096',
      'read 65536 4096',
      'discard 1048576 65536',
      'flush',
      'flush',
    ])
  })

  it('reads version 3', () => {
    expect(read(FIO_3)).toEqual(['write 8192 4096', 'flush'])
  })

  it('says once that it does not know a version', () => {
    expect(read(FIO_3.replace('version 3', 'version 4'))).toEqual([
      "Line 1 is skipped: version 4 of fio's log is not known",
    ])
  })

  it('skips wrong lines, with their number', () => {
    expect(
      read('fio version 2 iolog\n/d erase 0 1\n/d write 512\n/d write x 512\n/d\n\n/d write 512 512\n'),
    ).toEqual([
      "Line 2 is skipped: 'erase' is no action of fio's",
      'Line 3 is skipped: the length is missing',
      "Line 4 is skipped: the offset 'x' is no whole number",
      'Line 5 is skipped: the action is missing',
      'write 512 512',
    ])
  })
})

describe('blkparse', () => {
  it('takes each request once, as it was queued, and not the summary', () => {
    expect(read(BLKTRACE)).toEqual([
      'write 114426880 4096',
      'read 1048576 131072',
      'flush',
      'write -f 2097152 4096',
      'discard 4194304 1048576',
      'flush',
    ])
  })

  it('takes what was issued, or completed, where nothing is told as queued', () => {
    expect(read(without('Q'))).toEqual(['write 114426880 4096'])
    expect(read(without('QD'))).toEqual(['write 114426880 4096'])
    expect(read(without('QDC'))).toEqual([])
  })

  it('skips wrong lines, with their number', () => {
    const head = '  8,0 1 1 0.0 12 Q'
    expect(
      read(`${head} W 0 + 8 [a]\n8,0 garbled\n${head} W 0 / 8 [a]\n${head} X 0 + 8\n${head} R 8 + 1`),
    ).toEqual([
      'write 0 4096',
      'Line 2 is skipped: this is no event of blkparse’s',
      `Line 3 is skipped: 'W 0 / 8 [a]' tells no "sector + sectors"`,
      "Line 4 is skipped: 'X' is no kind of request",
      'read 4096 512',
    ])
  })
})

describe('CSV', () => {
  it('needs no header', () => {
    expect(read('0.0,0,4096,write\n0.1,64k,4k,R\n0.2,0,0,flush\n0.3,1M,1M,trim\n0.4,0,512,zero\n')).toEqual([
      'write 0 4096',
      'read 65536 4096',
      'flush',
      'discard 1048576 1048576',
      'write -z 0 512',
    ])
  })

  it('finds its columns by their names', () => {
    const text = `Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime
128166372003061629,hm,1,Read,383496192,32768,413
128166372016382155,hm,1,Write,310378496,20480,
`
    expect(read(text)).toEqual(['read 383496192 32768', 'write 310378496 20480'])
  })

  it('takes semicolons, tabs, quotes, comments and Windows’ line ends', () => {
    expect(read('# made by hand\r\ntime;op;offset;length\r\n0;"w";0;512\r\n')).toEqual(['write 0 512'])
    expect(read('0\t512\t512\tw\n')).toEqual(['write 512 512'])
  })

  it('skips wrong lines, with their number', () => {
    expect(read('0,0,512,write\n0,0,512,format\n0,zero,512,write\n0,1\n0,512,512,write')).toEqual([
      'write 0 512',
      "Line 2 is skipped: 'format' is no operation",
      "Line 3 is skipped: 'zero' is not a size",
      'Line 4 is skipped: the operation is missing',
      'write 512 512',
    ])
  })
})

describe('any trace', () => {
  it('is widened to whole sectors', () => {
    expect([...one(700, 100), ...one(511, 2)]).toEqual(['write 512 512', 'write 0 1024'])
    expect(one(900, 100, 1000n)).toEqual(['write 512 488'])
  })

  it('may not go beyond the disk, nor be of no bytes', () => {
    expect(one(1024, 512, 1024n)[0]).toMatch(/^Line 1 is skipped: .* goes beyond the disk’s end$/)
    expect(one(0, 0)).toEqual(['Line 1 is skipped: a write of no bytes'])
  })

  it('has its long requests in several commands', () => {
    expect(one(512, 2n * GIB, 4n * GIB)).toEqual(['write 512 1073741824', 'write 1073742336 1073741824'])
  })

  it('can go without its reads', () => {
    expect(read(FIO_2, GIB, false)).toEqual(['write 0 4096', 'discard 1048576 65536', 'flush', 'flush'])
  })

  it.each(['write 0 64k\nread 0 512\n', '# 0,0,512,write\nflush', '$QEMU_IO -c "write 0,1 2" x', ''])(
    'is no script: %j',
    text => {
      expect(traceFormatOf(text)).toBeUndefined()
    },
  )
})

it('reads scripts and traces alike', () => {
  const options = { diskSize: GIB, reads: true }
  const kinds = (text: string) =>
    readScriptOrTrace(text, options).flatMap(({ commands }) => commands.map(({ kind }) => kind))
  expect(kinds('write 0 512\nflush')).toEqual(['write', 'flush'])
  expect(kinds('0,0,512,write\n0,0,0,flush')).toEqual(['write', 'flush'])
})
