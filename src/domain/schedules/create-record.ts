// What is kept of the one call that makes a post live, for whoever has to judge what became of it: what was sent where, what
// came back, and how that was read. Nothing in it is secret.
import { z } from 'zod';
import { CAUSE_SOURCES } from '../causes/causes.ts';
import { instantSchema } from './item.ts';

/** More than this of what was sent, or of what was answered, is not kept, in characters. */
export const KEPT_CHARS = 2_000;

/** The call as it was about to leave; saved with its intent, before a byte of it did. */
export const sentCallSchema = z
  .object({
    /** Of HTTP, for example `POST`; `tools/call` where it is a call of a tool. */
    method: z.string(),
    /** The address without its query; of a tool its name and its server's. */
    target: z.string(),
    /** Of the body, or of a tool's arguments in canonical JSON. */
    sizeBytes: z.int(),
    /** SHA-256 of the same bytes, hex. */
    sha256: z.string(),
    /** How the same begins; secrets are redacted. */
    excerpt: z.string(),
  })
  .meta({ id: 'SentCall' });
export type SentCall = z.infer<typeof sentCallSchema>;

/**
 * What came back: an answer over HTTP, one in the protocol of a tool, none at all though it may have left, or nothing since
 * it did not leave.
 */
const CAME_BACK = ['answer', 'tool_answer', 'no_answer', 'not_sent'] as const;

/** What it was taken to say: that the post is live, that it was refused, that nobody can tell from it. */
const READ_AS = ['live', 'refused', 'unclear', 'not_sent'] as const;

export const callAnswerSchema = z
  .object({
    /** When it was there, or was given up. */
    at: instantSchema,
    came: z.enum(CAME_BACK),
    /** Of HTTP; null where none was told. */
    status: z.int().nullable(),
    /** How it begins, or how the call broke off; secrets are redacted. */
    text: z.string(),
    readAs: z.enum(READ_AS),
    /** By what it was read so; null where it says so itself. */
    knownBy: z.enum(CAUSE_SOURCES).nullable(),
  })
  .meta({ id: 'CallAnswer' });
export type CallAnswer = z.infer<typeof callAnswerSchema>;
