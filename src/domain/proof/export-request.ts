// What is asked of an export, and what is told of one.
import { z } from 'zod';
import { instantText } from '../schedules/instant.ts';
import { instantSchema } from '../schedules/item.ts';
import { plainText } from '../schedules/post.ts';

/** Nobody keeps a publishing record for longer; what is longer is a slip of the keyboard. */
const MOST_YEARS = 30;
const YEAR_MS = 366 * 24 * 3_600_000;
const MOST_NAMED = 200;

const named = z.array(plainText.min(1).max(128)).max(MOST_NAMED).default([]);

export const proofExportRequestSchema = z
  .strictObject({
    /** The first instant of the range, by the time a post was due. */
    from: instantText,
    /** The first instant that is not in it. */
    to: instantText,
    /** Only these platforms; all of them where it is left out. */
    platforms: named,
    /** Only these accounts, by name or id; all of them where it is left out. */
    accounts: named,
  })
  .superRefine(({ from, to }, { addIssue }) => {
    const lengthMs = Date.parse(to) - Date.parse(from);
    if (lengthMs <= 0) addIssue({ code: 'custom', path: ['to'], message: 'must be later than from' });
    if (lengthMs > MOST_YEARS * YEAR_MS) {
      addIssue({ code: 'custom', path: ['to'], message: `must be at most ${MOST_YEARS} years after from` });
    }
  })
  .meta({ id: 'ProofExportRequest' });
export type ProofExportRequest = z.infer<typeof proofExportRequestSchema>;
export type ProofExportRequestInput = z.input<typeof proofExportRequestSchema>;

export const EXPORT_STATES = ['queued', 'running', 'done', 'failed'] as const;
export type ExportState = (typeof EXPORT_STATES)[number];

/** What each state means to whoever waits for the export. */
export const EXPORT_STATE_MEANS: Record<ExportState, string> = {
  queued: 'waiting for a worker',
  running: 'being made',
  done: 'ready to download',
  failed: 'not made',
};

export const proofExportSchema = z
  .object({
    id: z.string(),
    state: z.enum(EXPORT_STATES),
    from: instantSchema,
    to: instantSchema,
    platforms: z.array(z.string()),
    accounts: z.array(z.string()),
    requestedBy: z.string(),
    requestedAt: instantSchema,
    /** How many records are made, and how many there are to make; null until they are counted. */
    records: z.int(),
    recordsInAll: z.int().nullable(),
    finishedAt: instantSchema.nullable(),
    sizeBytes: z.int().nullable(),
    /** SHA-256 of the whole ZIP, hex. */
    sha256: z.string().nullable(),
    /** Why it was not made, in one sentence. */
    problem: z.string().nullable(),
    /** Where the ZIP is, once it is ready. */
    href: z.string().nullable(),
  })
  .meta({ id: 'ProofExport' });
export type ProofExport = z.infer<typeof proofExportSchema>;

export const proofExportsSchema = z.object({ exports: z.array(proofExportSchema) }).meta({ id: 'ProofExports' });
export type ProofExports = z.infer<typeof proofExportsSchema>;

/** Which export, for whoever makes it. */
export interface ProofExportKey {
  readonly workspaceId: string;
  readonly id: string;
}
