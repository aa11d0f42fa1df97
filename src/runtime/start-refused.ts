// The errors of a start that cannot go on. Their messages are one sentence for the person at the terminal: what happened,
// what is safe, what to do next. The CLI prints it without a stack and exits 1.

/** Something of ours cannot start, and starting it again unchanged would not help. Thrown by the runtime only. */
export class StartRefused extends Error {
  override readonly name: string = 'StartRefused';
}

/**
 * A server that is needed does not answer just now. A process that stays waits for it; a command of a person tells the
 * sentence and ends, and may be started again unchanged. Thrown by the runtime only.
 */
export class StartAgainLater extends Error {
  override readonly name = 'StartAgainLater';
  /** Who does not answer, the same in every try. */
  readonly missing: string;
  /** What happened, as the beginning of a sentence. */
  readonly what: string;

  /** `next` is what a person can do, as a part of the sentence. */
  constructor(missing: string, what: string, next: string) {
    super(`${what}; what is stored is safe; ${next}, then start again.`);
    this.missing = missing;
    this.what = what;
  }
}

const fullDiskText = /no space left on device|disk quota exceeded|database or disk is full/i;
const fullDiskCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** Whether a program's output, or an error of the file system, says that the disk is full. */
export function tellsFullDisk(cause: unknown): boolean {
  if (typeof cause === 'string') return fullDiskText.test(cause);
  return cause instanceof Error && 'code' in cause && fullDiskCodes.includes(cause.code);
}

/** The refusal for a full disk under `folder`. */
export function diskFull(folder: string): StartRefused {
  return new StartRefused(
    `The disk that holds ${folder} is full, so nothing more could be written; what was stored before is safe; free some space there, then start again.`,
  );
}

/** Does the work, and says a full disk that it meets in one sentence. */
export async function refusingFullDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw tellsFullDisk(error) ? diskFull(folder) : error;
  }
}
