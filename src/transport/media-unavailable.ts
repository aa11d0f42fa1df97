// The ways a media file cannot be had, each with its sentence.

/**
 * Why a file cannot be had.
 * - `unreachable`: no usable answer (no connection, a timeout, a break, a 5xx); it may work later
 * - `refused`: the server will not hand the file out
 * - `wrong_size`, `wrong_type`: the file is not what the schedule says
 * - `private_address`: the address leads into a private network
 */
export type MediaProblem = 'unreachable' | 'refused' | 'wrong_size' | 'wrong_type' | 'private_address';

/** A media file that cannot be used. The message may be shown to anyone. */
export class MediaUnavailable extends Error {
  override readonly name = 'MediaUnavailable';
  readonly problem: MediaProblem;
  /** What happened to it, without its host and without advice; goes on after the name of a field. */
  readonly happened: string;
  constructor(problem: MediaProblem, sentence: string, happened: string) {
    super(sentence);
    this.problem = problem;
    this.happened = happened;
  }
}

const ADVICE: Readonly<Record<MediaProblem, string>> = {
  unreachable: 'Check that its server is up and reachable from the worker.',
  refused: 'Check that the address still serves the file without signing in.',
  wrong_size: 'Schedule the post again with the right size, or put the right file there.',
  wrong_type: 'Schedule the post again with the right media type, or put the right file there.',
  private_address: 'Put the file on a public address, or allow private media hosts in the settings.',
};

/** What happened to the file on this host, and what to do. Addresses may carry signatures, so only the host is named. */
export function unavailable(problem: MediaProblem, url: URL, happened: string): MediaUnavailable {
  return new MediaUnavailable(problem, `The media file at ${url.host} ${happened}. ${ADVICE[problem]}`, happened);
}
