// Before the panels' own, which may overrule them.
import './views/theme/tokens.css'
import './views/theme/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isTesting } from './state/address.ts'
import { App } from './views/shell/app.tsx'
import { installTestingHook } from './views/shell/testing-hook.ts'
import { workOffline } from './work-offline.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element "root"')
if (isTesting()) installTestingHook()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
workOffline()
