// One version of a post as it is shown: addresses and options without what may be a secret in them.
import { z } from 'zod';
import { redact } from '../text/redact.ts';
import { mediaItemSchema, optionsSchema } from './post.ts';
import type { Version } from './version-changes.ts';

export const versionSchema = z
  .object({
    fingerprint: z.string(),
    accountId: z.string(),
    text: z.string(),
    media: z.array(mediaItemSchema),
    publishAt: z.string().nullable(),
    publishBefore: z.string().nullable(),
    approvalRequired: z.boolean(),
    options: optionsSchema,
  })
  .meta({ id: 'Version' });
export type VersionView = z.infer<typeof versionSchema>;

/** The version under its fingerprint. */
export function viewVersion({ accountId, content, delivery }: Version, fingerprint: string): VersionView {
  return {
    fingerprint,
    accountId,
    text: content.text,
    // An address may carry a password or a signature.
    media: content.media.map((item) => ({ ...item, url: redact(item.url, null) })),
    publishAt: delivery.publishAt,
    publishBefore: delivery.publishBefore ?? null,
    approvalRequired: delivery.approvalRequired,
    options: withoutSecrets(delivery.options),
  };
}

/** An option may be an address too. */
export function withoutSecrets<Value>(options: Readonly<Record<string, Value>>): Record<string, Value | string> {
  const told = (value: Value) => (typeof value === 'string' ? redact(value, null) : value);
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, told(value)]));
}
