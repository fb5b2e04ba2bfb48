/** The page as a test drives it. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Locator, Page } from '@playwright/test'

/** The panels, each a landmark of this name. */
export type Panel =
  | 'Options'
  | 'Memory budget'
  | 'Cluster map'
  | 'Inspector'
  | 'Timeline'
  | 'Event log'
  | 'Commands'

export class App {
  readonly page: Page
  readonly url: string

  constructor(page: Page, url: string) {
    this.page = page
    this.url = url
  }

  /**
   * Opens the page and waits until it is idle.
   * @param hash the address's part after `#`, without it
   */
  async open({ hash = '' }: { hash?: string } = {}): Promise<void> {
    await this.page.goto(`${this.url}?testing=1${hash && `#${hash}`}`)
    await this.idle()
  }

  /** Waits until nothing is asked of the worker and everything it said is drawn (src/views/shell/testing-hook.ts). */
  async idle(): Promise<void> {
    await this.page.waitForFunction(() => window.overlapscope !== undefined)
    await this.page.evaluate(() => window.overlapscope?.idle())
  }

  panel(name: Panel): Locator {
    return this.page.getByRole('region', { name, exact: true })
  }

  /** Chooses a file as the Open button does; it is read by ranges, so it may be of any size. Does not wait. */
  async chooseFile(path: string): Promise<void> {
    await this.page.locator('input[type=file]').first().setInputFiles(path)
  }

  async openFile(path: string): Promise<void> {
    await this.chooseFile(path)
    await this.idle()
  }

  /** Drops a (small) file onto the page and waits until that is done with. */
  async dropFile(path: string): Promise<void> {
    const base64 = (await readFile(path)).toString('base64')
    const transfer = await this.page.evaluateHandle(
      ([content, name]) => {
        const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0))
        const data = new DataTransfer()
        data.items.add(new File([bytes], name))
        return data
      },
      [base64, basename(path)] as const,
    )
    for (const type of ['dragenter', 'dragover', 'drop'])
      await this.page.dispatchEvent('body', type, { dataTransfer: transfer })
    await this.idle()
  }
}
