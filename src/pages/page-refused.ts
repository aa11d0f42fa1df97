// The one way a page is refused: a status, a heading, and one sentence of what happened, what is safe, and what to do next.

export class PageRefused extends Error {
  override readonly name = 'PageRefused';
  readonly status: 400 | 403 | 404 | 405 | 409 | 410 | 413 | 422 | 429 | 500 | 503;
  readonly heading: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: PageRefused['status'],
    heading: string,
    sentence: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(sentence);
    this.status = status;
    this.heading = heading;
    this.headers = headers;
  }
}

/** There is nothing here, or nothing of this workspace. */
export function nothingHere(): PageRefused {
  return new PageRefused(
    404,
    'Nothing here',
    'There is nothing at this address in your workspace; check the address, or go back to the recovery page.',
  );
}
