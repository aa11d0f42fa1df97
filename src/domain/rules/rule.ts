// Rules (operations O4): what follows from an event by itself. A rule compares, waits out its pauses, and acts; it is no program.
import { z } from 'zod';
import type { OpsEvent } from '../events/event.ts';
import { conditionSchema, holds, MOST_CONDITIONS, pathSchema } from './condition.ts';
import { isWithin, windowSchema } from './window.ts';

const MOST_ACTIONS = 5;
const HOUR_MS = 3_600_000;

const conditions = z.array(conditionSchema).max(MOST_CONDITIONS).default([]);

/** A text in which `{content.title}` stands for what the event has at that path. */
const template = (most: number) => z.string().min(1).max(most);

export const ruleActionSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('start_run'),
    pipeline: z.string().min(1).max(64),
    slug: template(200),
    title: template(300).optional(),
    /** Files of the run, by their names: texts with places for parts of the event. */
    files: z.record(z.string().min(1).max(128), template(20_000)).default({}),
  }),
  z.strictObject({
    do: z.literal('publish'),
    account: z.string().min(1).max(128),
    text: template(20_000),
    options: z.record(z.string().max(64), z.union([template(2_000), z.number(), z.boolean()])).default({}),
  }),
  z.strictObject({ do: z.literal('notify'), says: template(1_000) }),
  z.strictObject({
    do: z.literal('emit'),
    /** Beside what the event itself says. */
    content: z.record(z.string().min(1).max(64), z.union([template(2_000), z.number(), z.boolean()])),
  }),
]);
export type RuleAction = z.infer<typeof ruleActionSchema>;

export const ruleSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    when: z
      .strictObject({ all: conditions, any: conditions, none: conditions })
      .refine(({ all, any, none }) => all.length + any.length + none.length >= 1, 'names at least one condition')
      .refine(
        ({ all, any, none }) => all.length + any.length + none.length <= MOST_CONDITIONS,
        `names at most ${MOST_CONDITIONS} conditions`,
      ),
    /** It fires in these alone. */
    during: z.array(windowSchema).min(1).max(7).optional(),
    actions: z.array(ruleActionSchema).min(1).max(MOST_ACTIONS),
    /** After it fired it does not for so long, in milliseconds. */
    debounce_ms: z
      .int()
      .min(0)
      .max(24 * HOUR_MS)
      .default(0),
    /** What has the same values at these paths as one before, within the window, fires once. */
    dedupe: z
      .strictObject({
        paths: z.array(pathSchema).min(1).max(5),
        window_ms: z
          .int()
          .min(1_000)
          .max(7 * 24 * HOUR_MS),
      })
      .optional(),
    /** It does not fire in this one, and says so. */
    quiet_hours: windowSchema.optional(),
  })
  .meta({ id: 'RuleRequest' });
export type Rule = z.infer<typeof ruleSchema>;

/**
 * What became of an event at a rule, in the order in which it is decided.
 * - `no_match`: its conditions do not hold, or it is not its time
 * - `debounced`, `deduped`, `quiet`: they hold, and it was kept from firing
 * - `storm`: it fired too often within a minute (F-14)
 * - `fires`
 */
export const RULE_VERDICTS = ['no_match', 'debounced', 'deduped', 'quiet', 'storm', 'fires'] as const;
export type RuleVerdict = (typeof RULE_VERDICTS)[number];

/** What is remembered of a rule. */
export interface RuleMemory {
  readonly lastFiredAt: Date | null;
  /** An event with the same values fired within the window of `dedupe`. */
  readonly firedAlike: boolean;
  readonly firedInLastMinute: number;
}

/** Whether the rule is about this event, now. */
export function matches({ when, during }: Pick<Rule, 'when' | 'during'>, event: OpsEvent, at: Date): boolean {
  if (during && !during.some((window) => isWithin(window, at))) return false;
  const { all, any, none } = when;
  const says = (condition: (typeof all)[number]) => holds(condition, event);
  return all.every(says) && (any.length === 0 || any.some(says)) && !none.some(says);
}

/** What becomes of an event that the rule is about. */
export function verdictOf(
  { debounce_ms, dedupe, quiet_hours }: Pick<Rule, 'debounce_ms' | 'dedupe' | 'quiet_hours'>,
  { lastFiredAt, firedAlike, firedInLastMinute }: RuleMemory,
  { at, mostPerMinute }: { readonly at: Date; readonly mostPerMinute: number },
): Exclude<RuleVerdict, 'no_match'> {
  if (debounce_ms > 0 && lastFiredAt && at.getTime() - lastFiredAt.getTime() < debounce_ms) return 'debounced';
  if (dedupe && firedAlike) return 'deduped';
  if (quiet_hours && isWithin(quiet_hours, at)) return 'quiet';
  return firedInLastMinute >= mostPerMinute ? 'storm' : 'fires';
}
