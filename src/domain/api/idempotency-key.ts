// The key by which a call that is sent twice is carried out once: made up by the caller, carried in a header.
import { z } from 'zod';

export const IDEMPOTENCY_HEADER = 'Idempotency-Key';

export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');
