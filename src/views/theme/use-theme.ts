import { useEffect } from 'react'
import { usePreferences } from '../../state/preferences-store.ts'

/** Puts the chosen theme on <html>; 'system' leaves it to prefers-color-scheme. */
export function useTheme(): void {
  const theme = usePreferences(state => state.theme)
  useEffect(() => {
    const { dataset } = document.documentElement
    if (theme === 'system') delete dataset['theme']
    else dataset['theme'] = theme
  }, [theme])
}
