/** What differs from event to event; the rest of the JSON is the same in every row. */
const TELLING =
  /("(?:start|length|reference|device|node-name|msg|offset|size|fatal)": (?:"(?:[^"\\]|\\.)*"|[^,}]+))/

/** QMP JSON, character for character, with what tells one event from another made to stand out. */
export function QmpText({ json }: { readonly json: string }) {
  return json.split(TELLING).map((part, place) => {
    const Tag = place % 2 === 1 ? 'b' : 'span'
    const className = place % 2 === 1 ? 'qmp-telling' : place === 0 ? 'qmp-head' : undefined
    return (
      // The parts of one text never change places.
      // oxlint-disable-next-line react/no-array-index-key
      <Tag key={place} className={className}>
        {part}
      </Tag>
    )
  })
}
