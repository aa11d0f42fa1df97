// From a container in ERROR to a refusal: its status is a sentence that names a subcode (platform reference 2.2).
import type { Stage } from '../../domain/causes/causes.ts';
import { classify } from '../../domain/causes/classify.ts';
import { redact } from '../../domain/text/redact.ts';
import { type Refusal, throttled } from '../meta/refusal.ts';
import type { PlatformSession } from '../sessions.ts';
import { INSTAGRAM } from './errors.ts';
import type { ContainerStatus } from './wire.ts';

/** Classifies a failed container by the subcode in its status, or by its stage when it names none. */
export function failedContainer(session: PlatformSession, stage: Stage, { status }: ContainerStatus): Refusal {
  const subcode = /\b2207\d{3}\b/.exec(status)?.[0];
  const message = redact(
    status === '' ? 'Instagram could not process the media and gave no reason.' : status,
    session.grant,
  );
  const { cause, lies, app } = classify(
    { platform: INSTAGRAM.platform, stage, httpStatus: 200, subcode, message, raw: message },
    INSTAGRAM.signatures,
  );
  return { cause: throttled(cause, { subcode }, INSTAGRAM), lies, app, worded: true, transient: false, subcode };
}
