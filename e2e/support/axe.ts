import { AxeBuilder } from '@axe-core/playwright'
import { type Page, expect } from '@playwright/test'

/**
 * Fails if axe finds anything serious or critical; the message names rule and elements.
 * @param within a selector: only what it matches is looked at
 */
export async function expectAccessible(page: Page, within = ':root'): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(within).analyze()
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(node => node.target.join(' ')).join(', ')}`)
  expect(serious).toEqual([])
}
