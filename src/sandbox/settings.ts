// The knobs of one stand-in, per account: how long lists lag, how long media takes, what counts as a repetition.
import { z } from 'zod';
import type { Journal } from './journal.ts';

/** A duration in milliseconds, or never ending. */
export const lagSchema = z.union([z.number().int().nonnegative(), z.literal('forever')]);

/** A processing time in milliseconds, or processing that never ends. */
export const processingSchema = z.union([z.number().int().nonnegative(), z.literal('never')]);

/** The per-account settings of a stand-in; `change` checks a patch and answers the whole, or the reason it is refused. */
export type Settings<S> = {
  of(accountId: string): S;
  change(accountId: string, patch: unknown): { settings: S } | { refused: string };
};

/** Opens the settings of one platform; the schema gives every knob its default and refuses unknown ones. */
export function openSettings<S extends object>(journal: Journal, platform: string, schema: z.ZodType<S>): Settings<S> {
  const byAccount = new Map<string, S>();
  const defaults = schema.parse({});
  const room = journal.room({
    name: `${platform}.settings`,
    schema: z.object({ accountId: z.string(), settings: schema }),
    apply: ({ accountId, settings }) => byAccount.set(accountId, settings),
    clear: () => byAccount.clear(),
  });
  const of = (accountId: string) => byAccount.get(accountId) ?? defaults;
  return {
    of,
    change: (accountId, patch) => {
      const patchObject = z.record(z.string(), z.unknown()).safeParse(patch);
      const next = schema.safeParse({ ...of(accountId), ...(patchObject.success ? patchObject.data : undefined) });
      if (!patchObject.success) return { refused: 'Settings are a JSON object.' };
      if (!next.success) return { refused: z.prettifyError(next.error) };
      room.put({ accountId, settings: next.data });
      return { settings: next.data };
    },
  };
}
