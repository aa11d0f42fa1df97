// The form of the tables of bad posts: what is sent, and which field, problem and limit every door must name.

export interface ExpectedProblem {
  readonly field: string;
  readonly problem: string;
  readonly limit?: string;
}

export interface BadPost {
  /** Goes on after "a post". */
  readonly name: string;
  readonly post: unknown;
  readonly code: 'invalid_schedule' | 'unknown_account' | 'ambiguous_account';
  readonly problems: readonly ExpectedProblem[];
}

/** Media stand under this host; the command line names a server of the test instead, from which type and size are read. */
export const MEDIA_HOST = 'https://media.example';

/** A media item whose address tells its type and size. */
export const media = (mediaType: string, sizeBytes: number) => ({
  url: `${MEDIA_HOST}/${mediaType}/${sizeBytes}`,
  mediaType,
  sizeBytes,
});
export const PICTURE = media('image/jpeg', 1_000);
export const pictures = (count: number) => Array.from({ length: count }, () => PICTURE);

export const X = { account: 'on-x', text: 'Hello' };
export const INSTAGRAM = { account: 'on-instagram', text: 'Hello' };
export const BLUESKY = { account: 'on-bluesky', text: 'Hello' };

export type Row = readonly [name: string, post: unknown, ...problems: readonly (readonly [string, string, string?])[]];

/** A table in short form: name, post, and the problems as field, problem and limit. */
export function rows(code: BadPost['code'], table: readonly Row[]): BadPost[] {
  return table.map(([name, post, ...problems]) => ({
    name,
    post,
    code,
    problems: problems.map(([field, problem, limit]) => ({
      field,
      problem,
      ...(limit === undefined ? {} : { limit }),
    })),
  }));
}
