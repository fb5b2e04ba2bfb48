import { formatBytes, formatCount } from '../../lib/sizes.ts'
import type { RunReport, ScanFigures } from '../../simulation/report.ts'

const ROWS: readonly {
  readonly label: string
  readonly about: string
  text(figures: ScanFigures): string
}[] = [
  {
    label: 'Checks',
    about: 'One before every write that QEMU checks.',
    text: ({ checks }) => formatCount(checks),
  },
  {
    label: 'Comparisons',
    about:
      'Per check: every L1 entry, every used refcount block and the single structures; where inactive L2 tables are checked, every entry of every snapshot’s L1 table too.',
    text: ({ comparisons }) => formatCount(comparisons),
  },
  {
    label: 'Disk reads',
    about: 'Per check: the L1 table of every snapshot, where inactive L2 tables are checked.',
    text: ({ diskReads }) => formatCount(diskReads),
  },
  {
    label: 'Read for them',
    about: 'The bytes of those tables.',
    text: ({ bytesRead }) => formatBytes(bytesRead),
  },
]

/** What mainline's check costs in place of memory. */
export function ScanCosts({ report }: { readonly report: RunReport }) {
  const { total, last } = report.scans
  return (
    <>
      <p className="budget-sentence">
        Mainline’s check makes no list and takes no memory: it goes through the tables again before every
        write. That costs time, and with snapshots and template all reads from the file.
      </p>
      <table className="scan-costs">
        <thead>
          <tr>
            <th scope="col">Cost</th>
            <th scope="col">Last command</th>
            <th scope="col">In total</th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map(({ label, about, text }) => (
            <tr key={label} title={about}>
              <th scope="row">{label}</th>
              <td>{text(last)}</td>
              <td>{text(total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
