// Changing a post that was taken in (recovery surface, R2): a new version, as long as no call may have left.
import { z } from 'zod';
import { instantText } from './instant.ts';
import { givenContentSchema, optionsSchema } from './post.ts';
import { SCHEDULE_STATES, type ScheduleState } from './states.ts';
import { VERSION_CHANGES } from './version-changes.ts';

/** What may change; what is left out stays. `expectedFingerprint`: the version the editor looked at. */
export const editRequestSchema = z
  .strictObject({
    expectedFingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'must be the fingerprint of a version: 64 hex digits'),
    text: givenContentSchema.shape.text.unwrap().optional(),
    media: givenContentSchema.shape.media.unwrap().optional(),
    options: optionsSchema.optional(),
    /** ISO 8601 with an offset; null: at once. */
    publishAt: instantText.nullable().optional(),
    /** Null takes the last moment away. */
    publishBefore: instantText.nullable().optional(),
    accountId: z.uuid().optional(),
    approvalRequired: z.boolean().optional(),
  })
  .meta({ id: 'EditRequest' });
export type EditRequest = z.infer<typeof editRequestSchema>;

/** What an edit came to. */
export const editedSchema = z
  .object({
    id: z.string(),
    /** Of the version that stands now. */
    fingerprint: z.string(),
    changed: z.array(z.enum(VERSION_CHANGES)).meta({ description: 'Empty when the version equals the one before.' }),
  })
  .meta({ id: 'Edited' });
export type Edited = z.infer<typeof editedSchema>;

/** Why a post is not changed, in the order in which they are asked. */
export const EDIT_REFUSALS = {
  ended: 'The publish has ended, so nothing was changed; make a new schedule for another post.',
  call_may_have_left:
    'A call for this post may have left, so its content stands and nothing was changed; cancel it and make a new schedule, once it is known not to be live.',
  posting: 'It is being published at this moment, so nothing was changed; look again in a minute.',
  version_changed:
    'Somebody changed it since you looked, so nothing was changed; look at the present version, then decide.',
} as const;
export type EditRefusal = keyof typeof EDIT_REFUSALS;

/** The same for whoever has not tried it yet. */
export const EDIT_BARS: Record<EditRefusal, string> = {
  ended: 'The publish has ended; make a new schedule for another post.',
  call_may_have_left:
    'A call for this post may have left, so its content stands; cancel it once it is known not to be live.',
  posting: 'It is being published at this moment; look again in a minute.',
  version_changed: 'Somebody changed it since you looked; look at the present version first.',
};

export interface EditFacts {
  readonly state: ScheduleState;
  readonly fingerprint: string;
  /** Any create that may have left, whatever it came to be called since. */
  readonly mayHaveLeft: boolean;
}

/** Null when the version may be replaced. */
export function decideEdit(facts: EditFacts, expectedFingerprint: string): EditRefusal | null {
  if (SCHEDULE_STATES[facts.state].ended) return 'ended';
  if (facts.mayHaveLeft || facts.state === 'outcome_unknown' || facts.state === 'unconfirmed')
    return 'call_may_have_left';
  if (facts.state === 'posting') return 'posting';
  return facts.fingerprint === expectedFingerprint ? null : 'version_changed';
}
