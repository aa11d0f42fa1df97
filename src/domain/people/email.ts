// Email addresses of people. They are compared without regard to case, and stored in lower case.
import { z } from 'zod';

/** As RFC 5321 limits a path. */
const EMAIL_CHARS = 254;

/** An address, in lower case and without spaces around it. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(EMAIL_CHARS)
  .pipe(z.email('must be an email address, like ada@example.com'));
