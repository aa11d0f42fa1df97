// An attempt of a stage whose worker died is followed by another that nobody asked for: it knows what the first had found out.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepEvidence, openStage, type StageOpened } from '../../src/ledger/runs/open-stage.ts';
import { openPipelinePlace, type PipelinePlace } from '../pipeline/place.ts';

let place: PipelinePlace;
beforeAll(async () => {
  place = await openPipelinePlace({
    one: {
      destination: 'blog',
      zones: { news: 'https://blog.example/news/{slug}/' },
      inputs: [{ name: 'brief.md', media_type: 'text/markdown' }],
      stages: [
        {
          id: 'publish',
          runner: 'builtin',
          uses: 'publish',
          inputs: ['brief.md'],
          artifacts: [{ name: 'publish-result.json', media_type: 'application/json' }],
          terminal: 'published',
        },
      ],
    },
  });
});
afterAll(() => place.close());

function opened(stage: StageOpened): Extract<StageOpened, { kind: 'open' }> {
  if (stage.kind !== 'open') throw new TypeError(`the stage is ${stage.kind}`);
  return stage;
}

it('keeps that its post was handed over, so that it is not handed over, nor replayed, again', async () => {
  const runId = await place.start({ pipeline: 'one', slug: 'one', files: { 'brief.md': '# A\n\nB\n' } });
  const { ledger } = place.stage.context;
  const key = { workspaceId: place.stage.workspaceId, runId };
  const first = opened(await openStage(ledger, { key, worker: 'w1', heldMs: 0 }));
  expect(first.evidence).toEqual({});
  await keepEvidence(ledger, key, first.attempt, { handedOver: true });
  const second = opened(await openStage(ledger, { key, worker: 'w2', heldMs: 60_000 }));
  expect(second).toMatchObject({ attempt: { number: 2 }, evidence: { handedOver: true } });
  const { attempts } = await place.look(runId);
  expect(attempts.map(({ number, outcome, evidence }) => [number, outcome, evidence])).toEqual([
    [1, 'interrupted', { handedOver: true }],
    [2, null, { handedOver: true }],
  ]);
});
