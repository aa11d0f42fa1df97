// What can go wrong while a real PDS is installed, started or asked, named by what the reader does next.

/** The PDS's packages or its native add-on could not be installed: the message says what to provide. */
export class PdsInstallError extends Error {
  override readonly name = 'PdsInstallError';
}

/** The PDS process ended before it answered its health check; the message ends with what it wrote. */
export class PdsStartError extends Error {
  override readonly name = 'PdsStartError';
}

/** The PDS refused a call that a test needs as its ground (an account, a list). */
export class PdsCallError extends Error {
  override readonly name = 'PdsCallError';
}
