import { CommandButton } from '../commands/command-button.tsx'
import { ExportMenu } from '../exports/export-menu.tsx'

/** Zoom for those who have neither wheel nor touch, in the map's corner. */
export function MapZoom() {
  return (
    <div className="map-zoom">
      <CommandButton id="map-zoom-out" variant="button-small" label="Zoom out">
        −
      </CommandButton>
      <CommandButton id="map-zoom-in" variant="button-small" label="Zoom in">
        +
      </CommandButton>
      <CommandButton id="map-fit" variant="button-small">
        Fit
      </CommandButton>
      <ExportMenu />
    </div>
  )
}
