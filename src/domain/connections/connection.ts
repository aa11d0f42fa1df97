// A connection as people see it: what it can do, until when, what it holds up, and the one thing to do about it.
import { z } from 'zod';
import { CAUSE_CODES, CAUSES, type CauseCode, RATE_WINDOWS, type RateWindow } from '../causes/causes.ts';
import { actorSchema } from '../people/actor.ts';
import { instantSchema } from '../schedules/item.ts';

/** Whether a connected account can be used, with its words. */
export const CONNECTION_STATUSES = {
  connected: { label: 'Connected', means: 'It can be used.' },
  reconnect_required: {
    label: 'Reconnect it',
    means: 'The platform says that the grant is dead; nothing is sent with it.',
  },
  disconnected: { label: 'Disconnected', means: 'Somebody disconnected it; nothing is sent with it.' },
} as const;
export type ConnectionStatus = keyof typeof CONNECTION_STATUSES;

const isStatus = (name: string): name is ConnectionStatus => Object.hasOwn(CONNECTION_STATUSES, name);
const CONNECTION_STATUS_NAMES = Object.keys(CONNECTION_STATUSES).filter(isStatus);

/** What a throttled kind of call is, in plain words. */
export const WINDOW_LABELS: Record<RateWindow, string> = {
  create: 'publishing',
  read: 'reading',
  upload: 'uploads',
  token: 'renewal of the grant',
};

/** Why a connection wants a person; the first that holds is told. */
export const REPAIRS = {
  disconnected: 'It is disconnected: connect it again before it publishes anything.',
  grant_dead: 'The platform calls the grant dead: reconnect the account.',
  grant_ended: 'The grant has ended and can no longer be renewed: reconnect the account.',
  scopes_missing: 'The grant lacks what queued posts need: reconnect the account and allow all that is asked for.',
  media_missing: 'The account could not upload media: reconnect it, and allow media.',
} as const;
export type Repair = keyof typeof REPAIRS;

const isRepair = (name: string): name is Repair => Object.hasOwn(REPAIRS, name);

export const connectionSchema = z
  .object({
    id: z.string(),
    platform: z.string(),
    /** The name people know the platform by. */
    platformLabel: z.string(),
    name: z.string(),
    /** The platform's own id of the account. */
    remoteId: z.string(),
    status: z.enum(CONNECTION_STATUS_NAMES),
    statusMeans: z.string(),
    /** What the grant allows; empty where nobody told. */
    scopes: z.array(z.string()),
    /** What posts that are queued for it need and the grant does not allow. */
    scopesMissing: z.array(z.string()),
    /** When the grant ends; null where the platform did not say. */
    grantEndsAt: instantSchema.nullable(),
    /** True: it is renewed by itself, before or when it is used next. */
    grantRenewsItself: z.boolean(),
    mediaCapabilityMissing: z.boolean(),
    /** Kinds of calls the platform throttles now, and until when. */
    throttled: z.array(z.object({ window: z.enum(RATE_WINDOWS), until: instantSchema })),
    connectedAt: instantSchema,
    lastPublishAt: instantSchema.nullable(),
    /** Publishes that have not ended. */
    queued: z.int(),
    /** Of these, the ones that wait for a person. */
    openItems: z.int(),
    /** The open items by what they failed for, the most first. */
    heldUp: z.array(z.object({ cause: CAUSE_CODES, count: z.int() })),
    /** The one thing to do; null: nothing. */
    repair: z
      .object({ code: z.enum(Object.keys(REPAIRS).filter(isRepair)), text: z.string(), href: z.string() })
      .nullable(),
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof connectionSchema>;

/** A connection with what happened to it: the newest events that are about it, the newest first. */
export const connectionStorySchema = z
  .object({
    ...connectionSchema.shape,
    events: z
      .array(
        z.object({
          position: z.int().meta({ description: "Of the workspace's audit trail, where the event stands whole." }),
          type: z.string(),
          at: instantSchema,
          actor: z.object(actorSchema.shape),
        }),
      )
      .meta({ description: 'What happened to it, the newest first.' }),
  })
  .meta({ id: 'ConnectionStory' });
export type ConnectionStory = z.infer<typeof connectionStorySchema>;

/** What a reconnect makes worth another try: publishes that failed for one cause, and where they are replayed together. */
export const repairedSchema = z.object({ cause: CAUSE_CODES, count: z.int(), says: z.string(), href: z.string() });
export type Repaired = z.infer<typeof repairedSchema>;

/** Of what an account holds up, what its new grant repaired; nothing while the connection still wants a person. */
export function repairedBy({ id, heldUp, repair }: Pick<Connection, 'id' | 'heldUp' | 'repair'>): Repaired[] {
  if (repair !== null) return [];
  return heldUp.flatMap(({ cause, count }) => {
    if (CAUSES[cause].action !== 'reconnect_account') return [];
    const publishes = count === 1 ? '1 publish' : `${count} publishes`;
    const says = `${publishes} of this account failed for ${cause}; replay those that the gate allows.`;
    return [{ cause, count, says, href: incidentHref(id, cause) }];
  });
}

/** Where the failures of an account for one cause stand together. */
export const incidentHref = (accountId: string, cause: CauseCode) => `/incidents/${accountId}/${cause}`;

export const connectionsSchema = z.object({ accounts: z.array(connectionSchema) }).meta({ id: 'Connections' });
