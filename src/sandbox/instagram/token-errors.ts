// What Meta says about tokens that do not work, by subcode.
import type { Answer } from '../answer.ts';
import { graphError, tokenError } from './errors.ts';

const reasons: Record<string, string> = {
  '458': 'The user has not authorized application 1234567890.',
  '459': 'You cannot access the app till you log in to www.facebook.com and follow the instructions given.',
  '460':
    'The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
  '464': 'Sessions for the user are not allowed because the user is not a confirmed user.',
  '467': 'The session is invalid because the user logged out.',
  '492': 'Session does not match current stored session: the user no longer has a role on the Page.',
};

/** A token past its time: it can no longer be refreshed. */
export function expiredToken(expiredAtMs: number, nowMs: number): Answer {
  const expired = new Date(expiredAtMs).toUTCString();
  const message = `Error validating access token: Session has expired on ${expired}. The current time is ${new Date(nowMs).toUTCString()}.`;
  return tokenError(463, message);
}

/** A token taken back for the reason of this subcode; without one, Meta gives none. */
export function revokedToken(subcode: string | null, status = 400): Answer {
  const reason = subcode === null ? undefined : reasons[subcode];
  const message = `Error validating access token: ${reason ?? 'The session is invalid.'}`;
  return tokenError(subcode === null ? undefined : Number(subcode), message, status);
}

/** Text that is no token of this platform. */
export const malformedToken = tokenError(undefined, 'Invalid OAuth access token - Cannot parse access token');

/** A request without a token. */
export const missingToken = graphError({
  code: 2500,
  message: 'An active access token must be used to query information about the current user.',
});

/** A scope the token does not have. */
export const missingPermission = graphError({
  code: 10,
  status: 403,
  message: '(#10) Application does not have permission for this action',
});
