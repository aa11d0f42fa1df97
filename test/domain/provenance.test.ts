// Which artifact nobody can follow back to the brief, and which was made from something that has changed since, written out.
import { describe, expect, test } from 'vitest';
import type { PipelineContract, StageSpec } from '../../src/domain/pipeline/contract.ts';
import { type ArtifactFact, staleArtifacts, untracedArtifact } from '../../src/domain/pipeline/provenance.ts';

const stage = (id: string, inputs: readonly string[], made: string, next: string | null): StageSpec => ({
  id,
  runner: 'human',
  asks: 'Write.',
  inputs,
  artifacts: [{ name: made, mediaType: 'text/markdown' }],
  gates: [],
  timeoutMs: 1_000,
  retry: { attempts: 1, firstMs: 1, maxMs: 1 },
  effect: 'none',
  next,
  terminal: next === null ? 'done' : null,
});
const CONTRACT: Pick<PipelineContract, 'stages'> = {
  stages: [
    stage('write', ['brief.md'], 'draft.md', 'draw'),
    stage('draw', ['draft.md', '*.png'], 'plan.md', 'check'),
    stage('check', ['draft.md', 'plan.md'], 'review.md', null),
  ],
};
const BEFORE_CHECK = new Set(['write', 'draw']);

const made = (
  name: string,
  sha256: string,
  by: string | null,
  inputs: Readonly<Record<string, string>>,
): ArtifactFact => ({
  name,
  sha256,
  provenance: { stage: by, attempt: by === null ? 0 : 1, runner: by === null ? null : 'human', by: null, inputs },
});
const BRIEF = made('brief.md', 'b1', null, {});
const DRAFT = made('draft.md', 'd1', 'write', { 'brief.md': 'b1' });
const PLAN = made('plan.md', 'p1', 'draw', { 'draft.md': 'd1' });

describe('an artifact that does not name what it was made from', () => {
  test.each<[string, readonly ArtifactFact[], object | null]>([
    ['is found nowhere, where each names all, and of a group whatever there was', [BRIEF, DRAFT, PLAN], null],
    [
      'is the draft without its brief',
      [BRIEF, made('draft.md', 'd1', 'write', {}), PLAN],
      { name: 'draft.md', lacks: 'brief.md' },
    ],
    [
      'is the plan that names its brief and not its draft',
      [BRIEF, DRAFT, made('plan.md', 'p1', 'draw', { 'brief.md': 'b1', 'flow.png': 'f1' })],
      { name: 'plan.md', lacks: 'draft.md' },
    ],
    ['is not what a later stage made before the run went back', [BRIEF, made('review.md', 'r1', 'check', {})], null],
    ['is not what the run was given', [made('draft.md', 'd1', null, {})], null],
  ])('%s', (_name, artifacts, found) => {
    expect(untracedArtifact(artifacts, CONTRACT, BEFORE_CHECK)).toEqual(found);
  });
});

describe('an artifact that was made from something that has changed since', () => {
  test.each<[string, readonly ArtifactFact[], readonly string[]]>([
    ['is none, where every digest is that of the newest', [BRIEF, DRAFT, PLAN], []],
    [
      'is the plan, when the draft is another',
      [BRIEF, made('draft.md', 'd2', 'write', { 'brief.md': 'b1' }), PLAN],
      ['plan.md'],
    ],
    ['is the draft, when the brief is another', [made('brief.md', 'b2', null, {}), DRAFT, PLAN], ['draft.md']],
    ['is not what was made from something that stands no more', [PLAN], []],
    [
      'is not what a later stage made before the run went back',
      [
        BRIEF,
        made('draft.md', 'd2', 'write', { 'brief.md': 'b1' }),
        made('review.md', 'r1', 'check', { 'draft.md': 'd1' }),
      ],
      [],
    ],
  ])('%s', (_name, artifacts, stale) => {
    expect(staleArtifacts(artifacts, BEFORE_CHECK)).toEqual(stale);
  });
});
