/** "disk.qcow2.gz" and "structures.csv" become "disk.structures.csv". */
export function exportName(image: string, ending: string): string {
  const stem = image.replace(/(\.(gz|qcow2|img|raw))+$/i, '').replace(/[^\w.-]+/g, '-')
  return `${stem.replace(/^-+|-+$/g, '') || 'image'}.${ending}`
}
