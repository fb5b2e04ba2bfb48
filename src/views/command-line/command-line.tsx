import './command-line.css'

/** The place of the command line: what it will understand. */
export function CommandLine() {
  return (
    <section className="panel command-line" aria-label="Commands" data-panel="commands">
      <div className="panel-head">
        <h2>Commands</h2>
      </div>
      <div className="panel-body">
        <p className="muted">
          Guest writes and snapshots, in qemu-io’s language, will run over the open image:
        </p>
        <ul className="mono">
          <li>write -P 0x11 64k 64k</li>
          <li>discard 1M 64k</li>
          <li>snapshot -c before</li>
        </ul>
        <p className="muted command-line-note">Nothing leaves this browser.</p>
      </div>
    </section>
  )
}
