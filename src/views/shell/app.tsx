import { ClusterMap } from '../cluster-map/cluster-map.tsx'
import { useCommandKeys } from '../commands/use-command-keys.ts'
import { CommandLine } from '../command-line/command-line.tsx'
import { NewImageDialog } from '../dialogs/new-image-dialog.tsx'
import { PaletteDialog } from '../dialogs/palette-dialog.tsx'
import { QemuOptionsDialog } from '../dialogs/qemu-options-dialog.tsx'
import { ScenariosDialog } from '../dialogs/scenarios-dialog.tsx'
import { ShortcutsDialog } from '../dialogs/shortcuts-dialog.tsx'
import { WorkloadDialog } from '../dialogs/workload-dialog.tsx'
import { EventLog } from '../event-log/event-log.tsx'
import { ExportBanner } from '../exports/export-banner.tsx'
import { Inspector } from '../inspector/inspector.tsx'
import { MemoryBudget } from '../memory-budget/memory-budget.tsx'
import { OptionsPanel } from '../options/options-panel.tsx'
import { useSession } from '../../state/session-store.ts'
import { useTheme } from '../theme/use-theme.ts'
import { Timeline } from '../timeline/timeline.tsx'
import { Banners } from './banners.tsx'
import { DropZone } from './drop-zone.tsx'
import { Notice } from './notice.tsx'
import { ProgressBanner } from './progress-banner.tsx'
import { TopBar } from './top-bar.tsx'
import { useAddress } from './use-address.ts'
import './shell.css'

/** The page: its panels in their places, and what lies over them. */
export function App() {
  useTheme()
  useCommandKeys()
  useAddress()
  const rerunning = useSession(state => state.rerunning)
  return (
    <>
      <div className="shell" data-rerunning={rerunning || undefined}>
        <TopBar />
        <main className="shell-main">
          <Banners />
          <div className="shell-left">
            <OptionsPanel />
            <MemoryBudget />
          </div>
          <ClusterMap />
          <Inspector />
          <ProgressBanner />
          <ExportBanner />
          <Timeline />
          <EventLog />
          <CommandLine />
        </main>
      </div>
      <ScenariosDialog />
      <NewImageDialog />
      <ShortcutsDialog />
      <QemuOptionsDialog />
      <WorkloadDialog />
      <PaletteDialog />
      <DropZone />
      <Notice />
    </>
  )
}
