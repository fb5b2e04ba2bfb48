import { formatCount } from '../../lib/sizes.ts'
import type { WindowInspection } from '../../simulation/inspection.ts'

/** What a window has on the books. */
export function AccountTable({ window }: { readonly window: WindowInspection }) {
  const { account, accountedBytes, fragmentsArraySize } = window
  const parts = [
    { name: 'its struct', bytes: account.struct },
    { name: `fragment array, ${formatCount(fragmentsArraySize)} × 4`, bytes: account.array },
    { name: 'bitmap', bytes: account.bitmap },
  ]
  return (
    <table className="account">
      <caption>On the books</caption>
      <tbody>
        {parts.map(({ name, bytes }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{formatCount(bytes)} B</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">together</th>
          <td>{formatCount(accountedBytes)} B</td>
        </tr>
      </tfoot>
    </table>
  )
}
