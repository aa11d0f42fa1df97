// The section `notifications` of temporal.yaml: by workspace, when its report is due, and the channels that are told of what.
import { z } from 'zod';
import { CHANNEL_EVENTS, EVENT_NAMES } from '../../domain/notifications/events.ts';
import { isZone } from '../../domain/text/zone.ts';
import { duration } from './duration.ts';
import { section } from './section.ts';

/** What names a variable of the environment that holds a secret of a channel. */
const CHANNEL_VARIABLE = /^ONCEPOST_NOTIFY_[A-Z0-9_]{1,80}$/;
const variableAllowed = 'the name of a variable that begins with ONCEPOST_NOTIFY_, in capitals, digits and underscores';
const variable = z.string({ error: variableAllowed }).regex(CHANNEL_VARIABLE, variableAllowed);

const eventsAllowed = `a list of ${CHANNEL_EVENTS.join(', ')}`;
const events = z
  .array(z.enum(EVENT_NAMES, { error: eventsAllowed }).exclude(['test'], { error: eventsAllowed }), {
    error: eventsAllowed,
  })
  .min(1, eventsAllowed)
  .optional();

const urlAllowed = 'an http or https address without a name and password in it';
const url = z
  .string({ error: urlAllowed })
  .refine((text) => isPlainAddress(text), urlAllowed)
  .optional();

function isPlainAddress(text: string): boolean {
  const parsed = URL.parse(text);
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '';
}

const emailAllowed = 'an email address';
const email = z.email({ error: emailAllowed });
const recipientsAllowed = 'a list of 1 to 50 email addresses';

const channel = z.discriminatedUnion(
  'kind',
  [
    section({ kind: z.literal('webhook'), url, url_env: variable.optional(), secret_env: variable, events }),
    section({ kind: z.literal('slack'), url_env: variable, events }),
    section({
      kind: z.literal('email'),
      from: email,
      to: z
        .array(z.email({ error: recipientsAllowed }), { error: recipientsAllowed })
        .min(1, recipientsAllowed)
        .max(50, recipientsAllowed),
      events,
    }),
  ],
  { error: 'one of webhook, slack, email' },
);

const timeAllowed = 'a time of day from "00:00" to "23:59"';
const zoneAllowed = 'a time zone by its IANA name, like Europe/Berlin';

const report = section({
  at: z.string({ error: timeAllowed }).regex(/^([01]\d|2[0-3]):[0-5]\d$/, timeAllowed),
  zone: z.string({ error: zoneAllowed }).refine(isZone, zoneAllowed),
});

const nameAllowed = '1 to 40 letters, digits, dots, dashes or underscores';

export const notificationsSection = section({
  every: duration('1s', '24h'),
  private_addresses: z.boolean({ error: 'true or false' }).optional(),
  grant_ends_within: duration('1h', '90d').optional(),
  run_waits_after: duration('1s', '90d').optional(),
  run_waits_every: duration('1s', '90d').optional(),
  workspaces: z
    .record(
      z.string().min(1, 'the name of a workspace'),
      section({
        morning_report: report.optional(),
        channels: z.record(z.string().regex(/^[A-Za-z0-9][\w.-]{0,39}$/, nameAllowed), channel, {
          error: 'a list of names, each with its channel',
        }),
      }),
      { error: 'a list of workspaces by name' },
    )
    .optional(),
});

export type NotificationsFile = z.output<typeof notificationsSection>;
