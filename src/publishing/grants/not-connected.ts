// Asks a platform something on the way to a connection, and says in one sentence why there is none.
import type { PlatformAdapter } from '../../platforms/contract.ts';
import { StepRefused, StepUnanswered } from '../../platforms/step-errors.ts';

/** The account was not connected, and the sentence says why; nothing was stored. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';
}

/** What a person does next after no answer. */
export interface Remedy {
  readonly later: string;
}

/** What the platform answered, or why nothing was connected. @throws NotConnected */
export async function asked<Answer>(
  { label }: Pick<PlatformAdapter, 'label'>,
  failed: string,
  answer: Promise<Answer>,
  { later }: Remedy,
): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StepRefused && error.cause.code !== 'rate_limited') {
      const { code, externalText } = error.cause;
      throw new NotConnected(
        `${label} does not take the grant (${code}: ${externalText.replace(/\.$/, '')}), so nothing was connected; get a new one, then connect the account again.`,
      );
    }
    if (!(error instanceof StepUnanswered || error instanceof StepRefused)) throw error;
    const why =
      error instanceof StepRefused
        ? `it throttles until ${error.cause.resumeAt ?? 'an instant that it does not name'}`
        : error.message;
    throw new NotConnected(`${label} ${failed} (${why}), so nothing was connected; ${later}.`);
  }
}
