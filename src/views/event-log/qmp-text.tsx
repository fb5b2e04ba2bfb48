/** What differs from event to event; the rest of the JSON is the same in every row. */
const TELLING =
  /("(?:start|length|reference|device|node-name|msg|offset|size|fatal)": (?:"(?:[^"\\]|\\.)*"|[^,}]+))/

/** QMP JSON, character for character, with what tells one event from another made to stand out. */
export function QmpText({ json }: { readonly json: string }) {
  let place = 0
  return (
    <>
      {json.split(TELLING).map((part, index) => {
        const key = place
        place += part.length
        return index % 2 === 1 ? (
          <b key={key} className="qmp-telling">
            {part}
          </b>
        ) : (
          <span key={key}>{part}</span>
        )
      })}
    </>
  )
}
