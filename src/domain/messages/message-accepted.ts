// What an operator's program sends to a publish beside a replay, and what it hears.
import { z } from 'zod';
import { CLAIM_WISHES } from '../people/claim.ts';
import { instantSchema, stateSchema } from '../schedules/item.ts';
import { MESSAGE_SCHEMAS } from './messages.ts';

const [live, notLive] = MESSAGE_SCHEMAS.resolve.options;

/** The bodies of messages through our own doors: who asks is the caller, so none names anybody. */
export const MESSAGE_REQUESTS = {
  cancel: MESSAGE_SCHEMAS.cancel.omit({ requestedBy: true }).meta({ id: 'CancelRequest' }),
  reschedule: MESSAGE_SCHEMAS.reschedule.omit({ requestedBy: true }).meta({ id: 'RescheduleRequest' }),
  resume: MESSAGE_SCHEMAS.resume.omit({ requestedBy: true }).meta({ id: 'ResumeRequest' }),
  handoff: MESSAGE_SCHEMAS.handoff.omit({ requestedBy: true }).meta({ id: 'HandoffRequest' }),
  resolve: z
    .discriminatedUnion('verdict', [live.omit({ decidedBy: true }), notLive.omit({ decidedBy: true })])
    .meta({ id: 'ResolveRequest' }),
} as const;
export type MessageRequests = {
  readonly [Name in keyof typeof MESSAGE_REQUESTS]: z.input<(typeof MESSAGE_REQUESTS)[Name]>;
};

export const messageAcceptedSchema = z
  .object({
    accepted: z.literal(true),
    scheduleId: z.string(),
    state: stateSchema,
    /** When it goes on by itself; null while a person is waited for, and at the end. */
    wakeAt: instantSchema.nullable(),
  })
  .meta({ id: 'MessageAccepted' });
export type MessageAccepted = z.infer<typeof messageAcceptedSchema>;

export const claimRequestSchema = z
  .strictObject({ wish: z.enum(CLAIM_WISHES).default('claim') })
  .meta({ id: 'ClaimRequest' });

export const claimedSchema = z
  .object({ scheduleId: z.string(), claimedBy: z.string().nullable().meta({ description: 'Null: nobody any more.' }) })
  .meta({ id: 'Claimed' });
export type Claimed = z.infer<typeof claimedSchema>;
