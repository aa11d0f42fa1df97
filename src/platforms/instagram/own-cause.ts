// Causes that Instagram did not word: found from states, timeouts and numbers.
import { type Cause, type CauseCode, cause, type Stage } from '../../domain/causes/causes.ts';
import { INSTAGRAM } from './errors.ts';

/** A cause in our own words, which are also its raw text unless there is one. */
export function ownCause(
  code: CauseCode,
  stage: Stage,
  text: string,
  more: Partial<Pick<Cause, 'rawText' | 'httpStatus' | 'resumeAt' | 'window'>> = {},
): Cause {
  return cause({
    code,
    source: 'status_only',
    platform: INSTAGRAM.platform,
    stage,
    externalText: text,
    rawText: text,
    ...more,
  });
}
