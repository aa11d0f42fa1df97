// What can go wrong while a real WordPress is installed, started or asked, named by what the reader does next.

/** WordPress, PHP or MariaDB could not be installed: the message says what to provide. */
export class WordpressInstallError extends Error {
  override readonly name = 'WordpressInstallError';
}

/** The site ended before it answered; the message ends with what it wrote. */
export class WordpressStartError extends Error {
  override readonly name = 'WordpressStartError';
}

/** WordPress or its database refused what a test needs as its ground. */
export class WordpressCallError extends Error {
  override readonly name = 'WordpressCallError';
}
