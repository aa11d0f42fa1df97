// The pipeline `article` as temporal.yaml ships it, only its zone led to a real blog, and everything that its people hand in.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { makeSamples } from '../../src/sandbox/media/samples.ts';
import type { PipelinePlace } from './place.ts';

const shippedSchema = z.object({ pipelines: z.object({ article: z.looseObject({}) }) });

/** For `openPipelinePlace`. `address`: where readers find a post of either zone, with `{slug}` in it. */
export function shippedArticle(address: string): object {
  const file = readFileSync(new URL('../../temporal.yaml', import.meta.url), 'utf8');
  const { article } = shippedSchema.parse(parse(file)).pipelines;
  return { article: { ...article, zones: { news: address, elsewhere: address } } };
}

const sample = (name: string): Buffer => makeSamples().get(name)?.bytes ?? Buffer.alloc(0);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export const FLOW = sample('sample.png');
const PROOF = sample('sample.jpg');

const DRAFT = `# The three steps

Before anything is sent, it is written down.

<!-- ZCP:ASSET id="flow" kind="diagram" required="true" -->
![The three steps](flow.png)
<!-- /ZCP:ASSET -->

## Why

<!-- ZCP:ASSET id="proof" kind="proof" required="false" -->
![A log of a night](./proof.jpg)
<!-- /ZCP:ASSET -->

<!-- ZCP:ASSET id="film" kind="recording" required="false" -->
The film shows it once more.
<!-- /ZCP:ASSET -->

So that nobody has to guess.
`;

/** The article as it must come out: what was made is shown, and what was not is gone. */
export const ARTICLE = DRAFT.replace(/<!-- ZCP:ASSET id="film"[\s\S]*?<!-- \/ZCP:ASSET -->/, '').replace(
  /<!-- \/?ZCP:ASSET.*?-->/g,
  '',
);

export function visual(id: string, bytes: Uint8Array, alt: string, more: object = {}): object {
  const digest = sha256(bytes);
  return {
    id,
    source_kind: 'rendered',
    job_kind: 'drawing',
    job_id: `job-${id}`,
    correlation_id: 'night-7',
    runtime_artifacts: [{ path: `${id}.png`, sha256: digest, end: 'completed' }],
    publish_candidate: true,
    engine: 'pencil',
    provider_model_id: null,
    normalized: true,
    reviewed: digest,
    digest,
    caption: null,
    alt_text: alt,
    ...more,
  };
}

export const base64 = (bytes: Uint8Array) => ({ base64: Buffer.from(bytes).toString('base64') });

const asset = (id: string, kind: string, required: boolean) => ({ id, kind, required });
const PLAN = {
  assets: [asset('flow', 'diagram', true), asset('proof', 'proof', false), asset('film', 'recording', false)],
};

/** What people hand in, stage by stage. */
const HANDED: Readonly<Record<string, object>> = {
  research: { 'research.md': 'Three sources.\n' },
  write: { 'draft.md': DRAFT, 'asset-plan.json': JSON.stringify(PLAN) },
  cleanup: { 'clean.md': DRAFT },
  style: { 'styled.md': DRAFT },
  facts: { 'facts-review.json': JSON.stringify({ claims: [] }) },
  seo: {
    'seo.json': JSON.stringify({ title: 'The three steps', description: 'How a post goes out.', tags: ['night'] }),
  },
  visuals: {
    'visual-manifest.json': JSON.stringify({
      visuals: [visual('flow', FLOW, 'Three boxes'), visual('proof', PROOF, 'A log')],
    }),
    'flow.png': base64(FLOW),
    'proof.jpg': base64(PROOF),
  },
};

export interface ArticleRun {
  readonly id: string;
  /** Hands in what the stage makes, or something else in its place; answers the API's answer. */
  handIn(stage: string, files?: object): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Hands in whatever the run waits for, until it stands at this stage and does not go on by itself. */
  upTo(stage: string): Promise<RunView>;
  approve(): Promise<void>;
}

export async function startArticle(place: PipelinePlace, slug: string, zone = 'news'): Promise<ArticleRun> {
  const files = { 'brief.md': 'Tell how a post goes out.\n' };
  const id = await place.start({ pipeline: 'article', slug, zone, files });
  const handIn = (stage: string, given = HANDED[stage]) =>
    place.api.ask('POST', `/api/runs/${id}/submit`, { json: { stage, files: given } });
  const still = (view: RunView) => view.run.state !== 'running' && view.run.wakeAt === null;
  async function upTo(stage: string): Promise<RunView> {
    const view = await place.untilRun(id, `stands still on its way to ${stage}`, still);
    if (view.run.stage === stage || view.run.state !== 'waiting') return view;
    const { status, body } = await handIn(view.run.stage);
    if (status !== 200) throw new TypeError(`${view.run.stage}: ${status} ${JSON.stringify(body)}`);
    await place.untilRun(id, 'went on', ({ run }) => run.stage !== view.run.stage);
    return upTo(stage);
  }
  return {
    id,
    handIn,
    upTo,
    async approve() {
      const { asks } = await place.untilRun(id, 'asks', (view) => view.asks !== null);
      const json = { verdict: 'approved', expectedFingerprint: asks?.fingerprint };
      const { status, body } = await place.api.ask('POST', `/api/runs/${id}/decisions`, { json });
      if (status !== 200) throw new TypeError(`no decision: ${status} ${JSON.stringify(body)}`);
    },
  };
}
