// Holds the markers of a document against the asset plan: both must name the same assets, and say the same of them.
import type { AssetPlan, PlannedAsset } from '../visuals/asset-plan.ts';
import type { MarkedSpan } from './marker.ts';
import { type MarkerProblem, markerProblem } from './problems.ts';

const TOP = { offset: 0, line: 1, column: 1 };

/** What does not agree. An asset of the plan that the document lacks has no place in it: line 1. */
export function checkPlan(spans: readonly MarkedSpan[], { assets }: AssetPlan): MarkerProblem[] {
  const planned = new Map(assets.map((asset) => [asset.id, asset]));
  const declared = new Set(spans.filter(({ declares }) => declares !== null).map(({ id }) => id));
  return [
    ...spans.flatMap((span) => (span.declares ? againstPlan(span, planned.get(span.id)) : [])),
    ...assets
      .filter(({ id }) => !declared.has(id))
      .map(({ id }) => markerProblem('not_declared', TOP, { name: `The asset "${id}"` })),
  ];
}

function againstPlan({ id, at, declares }: MarkedSpan, asset: PlannedAsset | undefined): MarkerProblem[] {
  const name = `ZCP:ASSET "${id}"`;
  if (!asset || !declares) return [markerProblem('not_planned', at, { name })];
  const differing = (['kind', 'required'] as const).filter((field) => declares[field] !== asset[field]);
  return differing.map((field) => {
    const detail = `${field}="${declares[field]}" and the asset plan says "${asset[field]}"`;
    return markerProblem('differs_from_plan', at, { name, detail });
  });
}
