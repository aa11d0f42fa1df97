// How long it takes to bring a text of 1 MB into line with what was made of the 250 assets that it marks: 500 markers, one in
// four spans inside a sentence with links and code, the others on lines of their own, and code that shows markers.
import { reconcileText } from '../src/domain/pipeline/markers/reconcile-text.ts';
import { quantile, rounded } from './stage.ts';

const SPANS = 250;
const SIZE_CHARS = 1_000_000;
const ROUNDS = 30;
const WARM_UP = 5;
const DIGEST = 'a'.repeat(64);

export async function markers(): Promise<Record<string, number>> {
  const source = document();
  const facts = factsOf();
  const took: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const startedMs = performance.now();
    const done = reconcileText(source, facts);
    const tookMs = performance.now() - startedMs;
    if (done.kind === 'blocked' || done.text.length >= source.length) throw new TypeError('nothing was reconciled');
    if (round >= WARM_UP) took.push(tookMs);
  }
  return {
    ms: rounded(quantile(took, 0.5)),
    p90Ms: rounded(quantile(took, 0.9)),
    markers: source.match(/<!-- \/?ZCP:ASSET (?:id="fig|-->)/g)?.length ?? 0,
    kb: rounded(Buffer.byteLength(source) / 1000, 0),
  };
}

const PROSE =
  'People write *sentences* like this one, with [links](https://a.example/x), `code` and a second thought. ';
const FENCE = '```html\n<!-- ZCP:ASSET id="shown" kind="image" required="true" -->\n\n<p>so</p>\n```\n\n';

function document(): string {
  const perSpan = SIZE_CHARS / SPANS;
  return Array.from({ length: SPANS }, (_, index) => section(index, perSpan)).join('');
}

function section(index: number, sizeChars: number): string {
  const open = `<!-- ZCP:ASSET id="fig-${index}" kind="image" required="false" -->`;
  const close = '<!-- /ZCP:ASSET -->';
  const span =
    index % 4 === 0
      ? `${PROSE}${open}as the figure shows${close}. ${PROSE}\n\n`
      : `${open}\n\nThe figure shows it.\n\n${close}\n\n`;
  const begun = `## Section ${index}\n\n${span}${index % 5 === 0 ? FENCE : ''}`;
  const paragraph = `${PROSE.repeat(4)}\n\n- ${PROSE}\n- ${PROSE}\n\n`;
  return begun + paragraph.repeat(Math.max(1, Math.round((sizeChars - begun.length) / paragraph.length)));
}

function factsOf(): Parameters<typeof reconcileText>[1] {
  const ids = Array.from({ length: SPANS }, (_, index) => `fig-${index}`);
  return {
    plan: { assets: ids.map((id) => ({ id, kind: 'image', required: false })) },
    manifest: {
      visuals: ids.map((id, index) => ({
        id,
        source_kind: 'runtime',
        job_kind: 'capture',
        job_id: `job-${index}`,
        correlation_id: 'run',
        runtime_artifacts: [{ path: 'raw.png', sha256: DIGEST, end: 'completed' }],
        publish_candidate: true,
        engine: 'chromium',
        provider_model_id: null,
        normalized: true,
        reviewed: index % 2 === 0 ? DIGEST : null,
        digest: DIGEST,
        caption: null,
        alt_text: null,
      })),
    },
  };
}
