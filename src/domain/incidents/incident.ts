// An incident: failures of one account for one cause, with the one repair that they share.
import { z } from 'zod';
import { CAUSE_CODES } from '../causes/causes.ts';
import { NEXT_ACTIONS, type NextAction } from '../causes/next-action.ts';
import { instantSchema } from '../schedules/item.ts';

const isAction = (value: string): value is NextAction => Object.hasOwn(NEXT_ACTIONS, value);

/** One failure alone is an item and no incident. */
export const INCIDENT_FROM = 2;

export const incidentSchema = z
  .object({
    account: z.object({ id: z.string(), name: z.string() }),
    platform: z.string(),
    cause: z.object({ code: CAUSE_CODES, means: z.string() }),
    /** What an operator does about all of them. */
    repair: z.enum(Object.keys(NEXT_ACTIONS).filter(isAction)),
    members: z.int().meta({ description: 'Publishes that failed for it and still wait.' }),
    repaired: z.int().meta({ description: 'Of them, those that failed before the account was last connected.' }),
    /** Whether a batch may replay members of it now. */
    replayable: z.boolean(),
    firstFailedAt: instantSchema,
    lastFailedAt: instantSchema,
    oldestDueAt: instantSchema,
    /** What to do, in one sentence. */
    says: z.string(),
  })
  .meta({ id: 'Incident' });
export type Incident = z.infer<typeof incidentSchema>;

export const incidentsSchema = z.object({ incidents: z.array(incidentSchema) }).meta({ id: 'Incidents' });

type Counts = Pick<Incident, 'repair' | 'members' | 'repaired'>;

/** A batch replays what its cause lets go at once, and what a repair has been made for. */
export function isReplayable({ repair, repaired }: Counts): boolean {
  return repair === 'replay_publish' || (repair === 'reconnect_account' && repaired > 0);
}

/** What to do about an incident. */
export function incidentSentence({ repair, members, repaired }: Counts): string {
  switch (repair) {
    case 'reconnect_account':
      if (repaired === 0) return `One reconnect repairs ${members}.`;
      if (repaired === members) return `The account was reconnected; ${members} can be replayed together.`;
      return `${members - repaired} failed again after the last reconnect; ${repaired} before it.`;
    case 'replay_publish':
      return `${members} can be replayed together.`;
    case 'review_media':
      return `The media of each of the ${members} must be looked at.`;
    case 'retry_later':
      return `The ${members} go on by themselves.`;
    default:
      return `Each of the ${members} needs a look of its own.`;
  }
}
