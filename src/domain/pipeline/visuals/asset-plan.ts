// `asset-plan.json`: the assets that the text counts on.
import { z } from 'zod';
import { plainText } from '../../schedules/post.ts';
import { ASSET_ID, ASSET_KINDS, isAssetKind } from './asset-kinds.ts';

export const assetId = z.string().regex(ASSET_ID, 'must be up to 100 letters, digits, dots, dashes or underscores');

const plannedAssetSchema = z.looseObject({
  id: assetId,
  kind: z.enum(Object.keys(ASSET_KINDS).filter(isAssetKind)),
  /** Whether the text may not go out without it. */
  required: z.boolean(),
  /** What it is to show. */
  purpose: plainText.max(5_000).optional(),
});
export type PlannedAsset = z.infer<typeof plannedAssetSchema>;

/** Fields we do not know are kept: the file is its pipeline's own. */
export const assetPlanSchema = z.looseObject({
  assets: z
    .array(plannedAssetSchema)
    .max(1_000)
    .refine((assets) => new Set(assets.map(({ id }) => id)).size === assets.length, 'must name each asset once'),
});
export type AssetPlan = z.infer<typeof assetPlanSchema>;
