// What a run is started with, by whichever door.
import { z } from 'zod';
import { plainText } from '../schedules/post.ts';
import { isPlainText, NOT_PLAIN } from '../text/plain-text.ts';
import { isRunId, SLUG_CHARS } from './run-id.ts';

/** Of one file that is handed over inside a request: a text, and bytes in base64, which are 10 MiB. */
const TEXT_CHARS = 700_000;
const BASE64_CHARS = 14_000_000;

/** The last part of the post's address. */
export const slugText = z
  .string()
  .max(SLUG_CHARS)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case letters and digits with single dashes between');

/** A file by its name: a text, or bytes in base64. */
const handedFileSchema = z.union([plainText.max(TEXT_CHARS), z.strictObject({ base64: z.base64().max(BASE64_CHARS) })]);
export const handedFilesSchema = z.record(z.string().max(100), handedFileSchema).meta({ id: 'HandedFiles' });
export type HandedFiles = z.infer<typeof handedFilesSchema>;

export const runRequestSchema = z
  .strictObject({
    /** Made up from the time and the slug where it is left out; sent again it is the same run. */
    id: z.string().refine(isRunId, 'must be YYYYMMDD-HHMMSS-<slug>').optional(),
    pipeline: z.string().min(1).max(63),
    slug: slugText,
    /** One of the pipeline's zones; the only one where it has one. */
    zone: z.string().min(1).max(63).optional(),
    title: z.string().trim().min(1).max(255).refine(isPlainText, NOT_PLAIN).optional(),
    /** What the pipeline wants to be given, by name. */
    files: handedFilesSchema.default({}),
  })
  .meta({ id: 'RunRequest' });
export type RunRequest = z.infer<typeof runRequestSchema>;
export type RunRequestInput = z.input<typeof runRequestSchema>;
