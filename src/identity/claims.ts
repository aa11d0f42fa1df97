// What a provider says of a person, as far as it is used here (OpenID Connect Core 1.0, 5.1).
import { z } from 'zod';
import { emailSchema } from '../domain/people/email.ts';
import type { ProvenIdentity } from '../domain/people/sign-in.ts';
import { toPlainText } from '../domain/text/plain-text.ts';

const NAME_CHARS = 100;

/** Some providers write the flag as a text. */
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]);

const claimsSchema = z.object({
  email: emailSchema.optional().catch(undefined),
  email_verified: flag.optional().catch(undefined),
  name: z.string().optional().catch(undefined),
});
export type Claims = z.infer<typeof claimsSchema>;

/** Claims that cannot be used count as absent. */
export function readClaims(raw: unknown): Claims {
  return claimsSchema.catch({}).parse(raw);
}

/** The identity that an ID token proves, with what the provider adds to it when asked. */
export function identityOf(
  subject: { readonly issuer: string; readonly subject: string },
  claims: Claims,
): ProvenIdentity {
  const { email = null, email_verified: emailVerified = false, name } = claims;
  return {
    ...subject,
    email,
    emailVerified,
    name: shownName(name) ?? email ?? shownName(subject.subject) ?? 'somebody',
  };
}

/** Names stand in lists and sentences: one line, of what can be shown. */
function shownName(name: string | undefined): string | null {
  const shown = toPlainText(name ?? '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return shown === '' ? null : toPlainText(shown, NAME_CHARS);
}
