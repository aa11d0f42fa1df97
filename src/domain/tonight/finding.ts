// What will stop a publish that is not due yet (recovery surface, R8): the same causes and next actions as after the failure.
import { z } from 'zod';
import { CAUSE_CODES, CAUSES, type CauseCode } from '../causes/causes.ts';
import { actionHref, isNextAction, NEXT_ACTIONS, type NextAction } from '../causes/next-action.ts';

/** How far ahead is looked. */
export const TONIGHT_MS = 24 * 3_600_000;

/** What can be found, with the cause that the failure would have; null: it would have none, the gate would stop it. */
export const FINDING_KINDS = {
  target_broken: 'unknown',
  disconnected: 'reconnect_required',
  grant_ends: 'auth_expired',
  scope_missing: 'permissions_missing',
  media_capability_missing: 'x_media_capability_missing',
  media_unreachable: 'media_invalid',
  media_changed: 'media_invalid',
  limit_passed: 'publish_failed',
  media_limit_passed: 'media_invalid',
  quota_spent: 'rate_limited',
  throttled: 'rate_limited',
  approval_missing: null,
  on_hold: null,
  too_late: null,
} as const satisfies Record<string, CauseCode | null>;
export type FindingKind = keyof typeof FINDING_KINDS;

/** What stands in the ledger at every moment, so that it is told as it is now, whatever the last look found. */
export const KNOWN_NOW = [
  'target_broken',
  'disconnected',
  'scope_missing',
  'media_capability_missing',
  'throttled',
  'too_late',
  'approval_missing',
  'on_hold',
] as const satisfies readonly FindingKind[];

const isKind = (name: string): name is FindingKind => Object.hasOwn(FINDING_KINDS, name);

export const findingSchema = z
  .object({
    kind: z.enum(Object.keys(FINDING_KINDS).filter(isKind)),
    /** As after the failure; null where the gate alone would stop it. */
    cause: CAUSE_CODES.nullable(),
    /** One sentence for the operator. */
    text: z.string(),
    nextAction: z.object({
      code: z.enum(Object.keys(NEXT_ACTIONS).filter(isNextAction)),
      kind: z.enum(['link', 'mutation', 'none']),
      href: z.string().optional(),
    }),
  })
  .meta({ id: 'Finding' });
export type Finding = z.infer<typeof findingSchema>;

/** What a finding is about; `scheduleId` null: a post that is not stored yet, which has no page of its own. */
export interface About {
  readonly scheduleId: string | null;
  readonly accountId: string;
}

/** The finding with the way to repair it; `cause`: where the failure would have another than others of its kind. */
export function finding(kind: FindingKind, text: string, about: About, cause?: CauseCode): Finding {
  const known = cause ?? FINDING_KINDS[kind];
  const code = kind === 'target_broken' ? 'review_connections' : actionOf(known);
  const href = kind === 'approval_missing' ? reviewHref(about) : actionHref(code, about);
  return {
    kind,
    cause: known,
    text,
    nextAction: { code, kind: NEXT_ACTIONS[code], ...(href === null ? {} : { href }) },
  };
}

function reviewHref({ scheduleId }: About): string | null {
  return scheduleId === null ? null : `/schedules/${encodeURIComponent(scheduleId)}/review`;
}

/** Before its time there is nothing to replay: what would have to be changed is the post. */
function actionOf(cause: CauseCode | null): NextAction {
  const action = cause === null ? 'none' : CAUSES[cause].action;
  return action === 'replay_publish' ? 'none' : action;
}
