// What a PDS answers, as far as we read it. Every answer passes one of these before anything believes it.
import { z } from 'zod';

/**
 * The body of every refusal: `{"error": "Name", "message": "..."}`, where the name is a constant without blanks and the
 * message may be left out (AT Protocol, "Error Responses"). What speaks for the sign-in of a PDS has OAuth's form, with
 * `error_description`. An `error` that is a sentence is not the PDS's: gateways and frameworks have such bodies.
 */
export const errorSchema = z
  .object({
    error: z.string().regex(/^[!-~]+$/),
    message: z.string().optional().catch(undefined),
    error_description: z.string().optional().catch(undefined),
  })
  .transform(({ error, message, error_description }) => ({ error, message: message ?? error_description ?? '' }));

/** A reference to an uploaded blob, repeated verbatim in the record. */
export const blobSchema = z.object({
  $type: z.literal('blob'),
  ref: z.object({ $link: z.string().min(1) }),
  mimeType: z.string().min(1),
  size: z.int().nonnegative(),
});
export type Blob = z.infer<typeof blobSchema>;

/** `com.atproto.repo.uploadBlob` */
export const uploadSchema = z.object({ blob: blobSchema });

/** `com.atproto.repo.putRecord` */
export const writtenSchema = z.object({ uri: z.string(), cid: z.string().min(1) });

/** `com.atproto.repo.getRecord` */
export const foundSchema = z.object({ uri: z.string(), value: z.record(z.string(), z.json()) });

/** `com.atproto.repo.listRecords`, as far as a person is shown it. */
export const listedSchema = z.object({
  records: z.array(
    z.object({
      uri: z.string(),
      value: z.object({
        text: z.string().catch(''),
        createdAt: z.iso.datetime({ offset: true }).nullish().catch(null),
      }),
    }),
  ),
});

/** `com.atproto.identity.resolveHandle` */
export const resolvedSchema = z.object({ did: z.string().startsWith('did:') });

/** `com.atproto.server.refreshSession` and `createSession` */
export const tokensSchema = z.object({
  accessJwt: z.string().min(1),
  refreshJwt: z.string().min(1),
  did: z.string(),
  active: z.boolean().default(true),
  status: z.string().optional(),
});
export type Tokens = z.infer<typeof tokensSchema>;

/** `com.atproto.server.getSession` */
export const ownerSchema = z.object({ did: z.string().startsWith('did:'), handle: z.string().nullish() });

/** The claim of an access token that we read: its end, in seconds since 1970. */
export const tokenClaimsSchema = z.object({ exp: z.int().positive() });
