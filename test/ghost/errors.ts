// What can go wrong while a real Ghost is installed, started or asked, named by what the reader does next.

/** Ghost or what it needs could not be installed: the message says what to provide. */
export class GhostInstallError extends Error {
  override readonly name = 'GhostInstallError';
}

/** Ghost ended, or did not answer in time; the message ends with what it wrote. */
export class GhostStartError extends Error {
  override readonly name = 'GhostStartError';
}

/** Ghost refused a call that a test needs as its ground (a site, a key, a list). */
export class GhostCallError extends Error {
  override readonly name = 'GhostCallError';
}
