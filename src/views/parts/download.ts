/** Hands a file to the browser to be saved. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken hold of the content once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
