// Files that stages of ours read by their names, and what they must be: whoever makes one is told before it is read.
import { z } from 'zod';
import { assetPlanSchema } from '../../domain/pipeline/visuals/asset-plan.ts';
import { visualManifestSchema } from '../../domain/pipeline/visuals/visual-manifest.ts';

/** `seo.json`: what stands around the text of a post. Fields we do not know are left alone. */
export const postDetailsSchema = z.object({
  title: z.string().trim().min(1).max(255).optional(),
  description: z.string().trim().min(1).max(300).optional(),
  tags: z.array(z.string()).optional(),
});

export const KNOWN_FILES: Readonly<Record<string, z.ZodType>> = {
  'asset-plan.json': assetPlanSchema,
  'visual-manifest.json': visualManifestSchema,
  'seo.json': postDetailsSchema,
};
