/** Node's version, checked before anything that would fail obscurely on an older one. */

const needed = { major: 20, minor: 19 }

/** Ends the process with a message that says what to do, unless this Node is new enough. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > needed.major || (major === needed.major && minor >= needed.minor)) return
  console.error(
    `Overlapscope needs Node ${needed.major}.${needed.minor} or newer, and this is Node ${process.versions.node}.\n` +
      'Get it from https://nodejs.org/ (any "LTS" download), or with a version manager: nvm install 22',
  )
  process.exit(1)
}
