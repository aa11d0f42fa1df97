// How one site behaves: what its tools answer, what it does with a slug that is taken, how soon others see what it made.
import { z } from 'zod';
import { SHAPES } from './shapes.ts';

const ms = z.number().int().nonnegative();

export const siteSettingsSchema = z.strictObject({
  /** The shape in which its tools answer. */
  answer: z.enum(SHAPES).default('structured'),
  /** Another shape for some of them, by the tool's name. */
  answerBy: z.record(z.string(), z.enum(SHAPES)).default({}),
  /** True: it wants the account's token with every message. */
  token: z.boolean().default(false),
  /** What a create under a slug that another page has does. */
  takenSlug: z.enum(['refuse', 'suffix']).default('refuse'),
  /** True: the tool that creates makes drafts. */
  makesDrafts: z.boolean().default(false),
  /** How long visitors get a site as it was before. */
  showDelayMs: ms.default(0),
  /** How long the tool that looks up does not know a new page. */
  lookupDelayMs: ms.default(0),
  /** What the theme puts under every article, as HTML. */
  theme: z.string().default(''),
});

/** Settings of one site. */
export type SiteSettings = z.infer<typeof siteSettingsSchema>;
