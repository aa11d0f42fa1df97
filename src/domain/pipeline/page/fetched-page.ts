// What a visit to a public page came to, as plain data: it is what the checks read, and what is kept as evidence.

/** One answer on the way to the page. */
export interface Hop {
  readonly url: string;
  readonly status: number;
  /** Where a redirect leads, as a whole address; null where it does not say, or is none. */
  readonly location: string | null;
}

/** Why no page could be read, though it may be there. None of them says that nothing is there. */
export const VISIT_PROBLEMS = {
  unreachable: 'Its server could not be reached.',
  timeout: 'Its server did not answer in time.',
  broken_off: 'The answer broke off.',
  private_address: 'It leads into a private network.',
  redirect_loop: 'Its redirects lead in a circle.',
  too_many_redirects: 'It has too many redirects.',
  bad_redirect: 'It redirects without an address to go on to.',
  too_large: 'The page is larger than we read.',
  not_html: 'The answer is no HTML page.',
  unreadable: 'The page cannot be read as text.',
} as const;
export type VisitProblem = keyof typeof VISIT_PROBLEMS;

/** An image's answer: its status, or null where none came. */
export interface ImageAnswer {
  readonly url: string;
  readonly status: number | null;
}

export interface FetchedPage {
  /** The answers in order, the last one the page's own. */
  readonly hops: readonly Hop[];
  /** Where the redirects ended. */
  readonly url: string;
  /** The last answer's; null where none came. */
  readonly status: number | null;
  readonly problem: VisitProblem | null;
  /** The page as text; null where it could not be read. */
  readonly html: string | null;
}
