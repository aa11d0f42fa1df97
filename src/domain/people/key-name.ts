// What an API key is for, in its maker's words. It stands in lists, sentences and the audit trail.
import { z } from 'zod';

const NAME_CHARS = 100;

/** One line of characters that can be shown. */
export const keyNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(NAME_CHARS)
  .refine((name) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufffd]/u.test(name), 'must be of characters that can be shown');
