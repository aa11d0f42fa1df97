// What an operator's program sends to one publish, and what it hears: the messages without a name in them, since who asks is
// the caller.
import { z } from 'zod';
import { handoffReasonSchema } from '../handoff/reasons.ts';
import { instantSchema, stateSchema } from '../schedules/item.ts';
import { MESSAGE_SCHEMAS } from './messages.ts';

const [live, notLive] = MESSAGE_SCHEMAS.resolve.options;

export const MESSAGE_REQUESTS = {
  cancel: MESSAGE_SCHEMAS.cancel.omit({ requestedBy: true }).meta({ id: 'CancelRequest' }),
  reschedule: MESSAGE_SCHEMAS.reschedule.omit({ requestedBy: true }).meta({ id: 'RescheduleRequest' }),
  resume: MESSAGE_SCHEMAS.resume.omit({ requestedBy: true }).meta({ id: 'ResumeRequest' }),
  handoff: MESSAGE_SCHEMAS.handoff
    .omit({ requestedBy: true })
    .extend({ reason: handoffReasonSchema.default('operator_decision') })
    .meta({ id: 'HandoffRequest' }),
  resolve: z
    .discriminatedUnion('verdict', [live.omit({ decidedBy: true }), notLive.omit({ decidedBy: true })])
    .meta({ id: 'ResolveRequest' }),
} as const;
export type MessageRequestName = keyof typeof MESSAGE_REQUESTS;
export type MessageRequests = {
  readonly [Name in MessageRequestName]: z.input<(typeof MESSAGE_REQUESTS)[Name]>;
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
