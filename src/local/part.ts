// The words of the supervisor: a part is a program kept running; one run of it ends in words for a person.

/** One run of a part, already serving. `exited` resolves with how it ended, as the end of a sentence. */
export interface PartRun {
  exited(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A program that is kept running. `start` resolves when it serves, and rejects with PartEnded when it ended before that, with
 * StartRefused when it will not start. `refusalEndsAll`: then everything stops; otherwise it is tried again and again.
 */
export interface Part {
  readonly name: string;
  readonly refusalEndsAll: boolean;
  start(signal: AbortSignal): Promise<PartRun>;
}

/** A part ended, or was not ready in time, before it served: it is started again after a pause. */
export class PartEnded extends Error {
  override readonly name = 'PartEnded';
}
