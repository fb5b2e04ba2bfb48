import { useEffect, useState } from 'react'

/**
 * A text that has stopped changing: who holds a key down does not want to hear every stop on the way.
 * @param wait ms; 0 for at once
 */
export function useSettled(text: string, wait: number): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    if (wait === 0) return
    const timer = setTimeout(() => setSettled(text), wait)
    return () => clearTimeout(timer)
  }, [text, wait])
  return wait === 0 ? text : settled
}
