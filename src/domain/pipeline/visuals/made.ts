// Whether an asset was made: prose that depends on it may stay only then.
import type { Visual } from './visual-manifest.ts';

/** Why an asset does not count as made, the plainest reason first. */
export const NOT_MADE_REASONS = {
  missing: 'the visual manifest does not name it',
  placeholder: 'it only holds the place of another',
  conceptual_only: 'it is conceptual and shows nothing real',
  no_provenance: 'nothing tells which job made it',
  raw_only: 'it is only there as its job left it',
  not_chosen: 'it is no candidate for publishing',
  not_reviewed: 'nobody has reviewed this file',
} as const;
export type NotMadeReason = keyof typeof NOT_MADE_REASONS;

/** Every reason why the asset does not count as made; none: it is made. */
export function notMadeReasons(visual: Visual | undefined): NotMadeReason[] {
  if (!visual) return ['missing'];
  const holds: Readonly<Record<NotMadeReason, boolean>> = {
    missing: false,
    placeholder: visual.source_kind === 'placeholder',
    conceptual_only: visual.source_kind === 'conceptual',
    no_provenance: !hasProvenance(visual),
    raw_only: !visual.normalized,
    not_chosen: !visual.publish_candidate,
    // A review of another file says nothing of this one.
    not_reviewed: visual.reviewed !== visual.digest,
  };
  return (Object.keys(holds) as NotMadeReason[]).filter((reason) => holds[reason]);
}

/** A job that can be named, and a file that it finished. */
function hasProvenance({ job_kind, job_id, correlation_id, engine, source_kind, ...visual }: Visual): boolean {
  const named = [job_kind, job_id, correlation_id, engine].every((value) => value !== null && value !== '');
  const model = source_kind !== 'generated' || (visual.provider_model_id ?? '') !== '';
  return named && model && visual.runtime_artifacts.some(({ end }) => end === 'completed');
}
