// `visual-manifest.json`: what was really made of the planned assets, and how.
import { z } from 'zod';
import { plainText, webAddress } from '../../schedules/post.ts';
import { assetId } from './asset-plan.ts';

/** Where a visual comes from. */
export const SOURCE_KINDS = {
  runtime: 'made by a job from the real thing while it ran',
  generated: 'made by a model',
  rendered: 'drawn by a program from a description',
  supplied: 'handed in by a person',
  conceptual: 'an idea of it, which shows nothing real',
  placeholder: 'holds the place of another',
} as const;
export type SourceKind = keyof typeof SOURCE_KINDS;

/** How the making of a file ended. */
export const ARTIFACT_ENDS = {
  completed: 'whole',
  failed: 'the job failed',
  canceled: 'the job was stopped',
} as const;
export type ArtifactEnd = keyof typeof ARTIFACT_ENDS;

const isSourceKind = (text: string): text is SourceKind => Object.hasOwn(SOURCE_KINDS, text);
const isArtifactEnd = (text: string): text is ArtifactEnd => Object.hasOwn(ARTIFACT_ENDS, text);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');
const word = plainText.trim().max(500);

const visualSchema = z.looseObject({
  id: assetId,
  source_kind: z.enum(Object.keys(SOURCE_KINDS).filter(isSourceKind)),
  /** What made it: null where nothing is known of it. */
  job_kind: word.nullable(),
  job_id: word.nullable(),
  /** Joins the job to the run. */
  correlation_id: word.nullable(),
  /** What the job left, file by file. */
  runtime_artifacts: z
    .array(z.looseObject({ path: word.min(1), sha256, end: z.enum(Object.keys(ARTIFACT_ENDS).filter(isArtifactEnd)) }))
    .max(1_000),
  /** Whether this file is the one to publish. */
  publish_candidate: z.boolean(),
  engine: word.nullable(),
  /** Only where a model made it. */
  provider_model_id: word.nullable(),
  /** False: as its job left it, in no size or format of ours. */
  normalized: z.boolean(),
  /** The digest of the file that a person or a review stage has seen; null: none was. */
  reviewed: sha256.nullable(),
  /** Of the file itself. */
  digest: sha256,
  /** Where it lies, where it lies somewhere yet. */
  url: webAddress.optional(),
  caption: plainText.max(5_000).nullable(),
  alt_text: plainText.max(5_000).nullable(),
});
export type Visual = z.infer<typeof visualSchema>;

/** Fields we do not know are kept: the file is its pipeline's own. */
export const visualManifestSchema = z.looseObject({
  visuals: z
    .array(visualSchema)
    .max(1_000)
    .refine((visuals) => new Set(visuals.map(({ id }) => id)).size === visuals.length, 'must name each asset once'),
});
export type VisualManifest = z.infer<typeof visualManifestSchema>;
