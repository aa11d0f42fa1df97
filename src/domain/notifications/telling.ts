// What is told, in words that every channel carries alike: a headline, and lines of which each may lead somewhere.
import { z } from 'zod';
import { type NotificationEvent, notificationEventSchema } from './events.ts';

/** `href`: a path on our pages, or the address of a live post. */
const lineSchema = z.object({ text: z.string(), href: z.string().optional() });
export type Line = z.infer<typeof lineSchema>;

/** For programs: what it is about, by id. */
const subjectSchema = z.object({
  scheduleId: z.string().optional(),
  runId: z.string().optional(),
  accountId: z.string().optional(),
  platform: z.string().optional(),
  cause: z.string().optional(),
  holdId: z.string().optional(),
  alarmId: z.string().optional(),
  eventId: z.string().optional(),
});

export const tellingSchema = z.object({
  event: notificationEventSchema,
  headline: z.string(),
  lines: z.array(lineSchema),
  subject: subjectSchema,
});
export type Telling = z.infer<typeof tellingSchema>;

/** One thing to be told. */
export interface News extends Omit<Telling, 'event'> {
  /** The same for the same thing, so that it is told once. */
  readonly key: string;
  /** What it counts as, the most telling first: a channel is told it once, as the first of these that it takes. */
  readonly events: readonly [NotificationEvent, ...NotificationEvent[]];
}

/** What a channel that takes these events is told of the news, or null when it is nothing for it. */
export function tellingFor(
  { events, headline, lines, subject }: News,
  takes: readonly NotificationEvent[],
): Telling | null {
  const event = events.find((name) => name === 'test' || takes.includes(name));
  return event === undefined ? null : { event, headline, lines: [...lines], subject };
}

/** Text in one line, as headlines and quotations need it. */
export function inOneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** `2026-12-01 07:00 UTC`: a message is read in zones that nobody knows. */
export function instantWords(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** `1 publish`, `3 publishes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
