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
  media_unreachable: 'media_invalid',
  media_changed: 'media_invalid',
  limit_passed: 'publish_failed',
  media_limit_passed: 'media_invalid',
  quota_spent: 'rate_limited',
  approval_missing: null,
  on_hold: null,
  too_late: null,
} as const satisfies Record<string, CauseCode | null>;
export type FindingKind = keyof typeof FINDING_KINDS;

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

/** The finding with the way to repair it. */
export function finding(
  kind: FindingKind,
  text: string,
  about: { readonly scheduleId: string; readonly accountId: string },
): Finding {
  const cause = FINDING_KINDS[kind];
  const code = kind === 'target_broken' ? 'review_connections' : actionOf(cause);
  const href =
    kind === 'approval_missing' ? `/schedules/${encodeURIComponent(about.scheduleId)}/review` : actionHref(code, about);
  return { kind, cause, text, nextAction: { code, kind: NEXT_ACTIONS[code], ...(href === null ? {} : { href }) } };
}

/** Before its time there is nothing to replay: what would have to be changed is the post. */
function actionOf(cause: CauseCode | null): NextAction {
  const action = cause === null ? 'none' : CAUSES[cause].action;
  return action === 'replay_publish' ? 'none' : action;
}
