// Documents with planning markers, made together with what must become of them: the expected text is put together from the
// same parts by whoever makes the document, never read out of it.
import fc from 'fast-check';
import type { AssetPlan } from '../../../src/domain/pipeline/visuals/asset-plan.ts';
import type { Visual, VisualManifest } from '../../../src/domain/pipeline/visuals/visual-manifest.ts';

export interface Asset {
  readonly id: string;
  readonly kind: 'diagram' | 'image' | 'recording' | 'proof';
  readonly required: boolean;
  readonly made: boolean;
}

/** A stretch of a document; `asset`: it is prose that depends on one. */
interface Part {
  readonly text: string;
  readonly asset?: Asset;
  readonly mention?: true;
}

export interface MarkedDocument {
  readonly source: string;
  /** What must be left where no required asset is missing. */
  readonly expected: string;
  readonly assets: readonly Asset[];
}

const DIGEST = 'a'.repeat(64);

export function visualOf(id: string, changes: Partial<Visual> = {}): Visual {
  return {
    id,
    source_kind: 'runtime',
    job_kind: 'capture',
    job_id: 'job-7',
    correlation_id: 'run-1',
    runtime_artifacts: [{ path: 'raw.png', sha256: 'b'.repeat(64), end: 'completed' }],
    publish_candidate: true,
    engine: 'chromium',
    provider_model_id: null,
    normalized: true,
    reviewed: DIGEST,
    digest: DIGEST,
    caption: null,
    alt_text: 'A picture',
    ...changes,
  };
}

export function factsOf(assets: readonly Asset[]): { plan: AssetPlan; manifest: VisualManifest } {
  return {
    plan: { assets: assets.map(({ id, kind, required }) => ({ id, kind, required })) },
    manifest: { visuals: assets.map(({ id, made }) => visualOf(id, made ? {} : { reviewed: null })) },
  };
}

const opening = ({ id, kind, required }: Asset) =>
  `<!-- ZCP:ASSET id="${id}" kind="${kind}" required="${required}" -->`;

function written({ text, asset, mention }: Part): string {
  if (!asset) return text;
  return mention
    ? `<!-- ZCP:ASSET-REF id="${asset.id}" -->${text}<!-- /ZCP:ASSET-REF -->`
    : `${opening(asset)}${text}<!-- /ZCP:ASSET -->`;
}

const left = ({ text, asset }: Part) => (asset && !asset.made ? '' : text);

/** Words that begin no block and hold no markup, with what is easily broken: combining and wide characters, unusual spaces. */
const words = fc
  .array(
    fc.constantFrom(
      'the',
      'cafe\u0301',
      'Z\u0308urich',
      '👩‍👩‍👧',
      '한글',
      'n\u0303o',
      'x\u00a0y',
      'e\u0301\u0323',
      'ﬁn',
      'שלום',
      'ZCP',
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((list) => `w ${list.join(' ')}.`);

const SHOWN = '<!-- ZCP:ASSET id="shown" kind="image" required="true" -->';

/** What stands between blank lines and holds no span. */
const plainBlock = fc.oneof(
  words,
  words.map((text) => `## ${text}`),
  words.map((text) => `> ${text}\n> ${text}`),
  words.map((text) => `- ${text}\n  - ${text}\n\n    ${text}\n- ${text}`),
  words.map((text) => `1. ${text}\n\n   \`\`\`\n   ${SHOWN}\n\n   <!-- /ZCP:ASSET -->\n   \`\`\`\n2. ${text}`),
  words.map((text) => `| a | b |\n|---|:-:|\n| ${text} | \`${SHOWN}\` |`),
  words.map((text) => `\`\`\`html\n${SHOWN}\n\n${text}\n\n<!-- /ZCP:ASSET -->\n\`\`\``),
  words.map((text) => `~~~~\n\`\`\`\n${text}\n\n${SHOWN}\n~~~~`),
  words.map((text) => `${text}\n\n    ${SHOWN}\n    ${text}`),
  words.map((text) => `${text}\n\n\t${text}\n\t<!-- /ZCP:ASSET-REF -->`),
  words.map((text) => `${text} \`${SHOWN}\` and [${text}](https://a.example/ "t") *${text}*  \n${text}`),
  words.map((text) => `<div title="x">\n<p>${text}</p>\n</div>`),
  words.map((text) => `<!-- ${text}\n\n${text} -->`),
  words.map((text) => `<pre>\n\n${text}\n</pre>`),
  words.map((text) => `${text}\n[d]: not-one\n\n[d]: /x "y"`),
);

/** How a span may stand in what is around it: the parts of one block. */
type Form = (span: Part, text: string) => Part[];
const FORMS: readonly Form[] = [
  (span, text) => [{ text: `${text} ` }, span, { text: ` ${text}` }],
  (span) => [{ ...span, text: `\n${span.text}\n` }],
  (span, text) => [{ ...span, text: `\n\n${span.text}\n\n    ${SHOWN}\n\n${text}\n\n` }],
  (span, text) => [{ ...span, text: `\n\n\`\`\`\n${SHOWN}\n\n${text}\n\`\`\`\n\n` }],
  (span, text) => [{ text: `- ${text}\n  - ${text} ` }, span, { text: `\n\n    ${text}\n` }],
  (span, text) => [{ text: `> ${text} ` }, span, { text: `\n> ${text}` }],
  (span, text) => [{ text: '| a | b |\n|---|---|\n| ' }, span, { text: ` | ${text} |\n| \`${SHOWN}\` | y |` }],
  (span, text) => [{ text: `${text} \`${SHOWN}\` ` }, span, { text: ` \`x\` [${text}](/y)` }],
  (span, text) => [{ text: `<div>\n` }, { ...span, text: `<b>${span.text}</b>` }, { text: `\n${text}\n</div>` }],
  (span, text) => [{ text: `### ${text} ` }, span],
  (span, text) => [{ text: `[${text} ` }, span, { text: `](https://a.example/)` }],
];

const block = (assets: readonly Asset[]) =>
  fc.oneof(
    plainBlock.map((text): Part[] => [{ text }]),
    fc
      .tuple(fc.constantFrom(...assets), words, words, fc.constantFrom(...FORMS))
      .map(([asset, inner, text, form]) => form({ text: inner, asset, mention: true }, text)),
  );

const asset = fc.record({
  kind: fc.constantFrom('diagram' as const, 'image' as const, 'recording' as const, 'proof' as const),
  required: fc.boolean(),
  made: fc.boolean(),
});

/** `missing`: whether a required asset may be unmade. */
export function documents({ missing }: { readonly missing: boolean }): fc.Arbitrary<MarkedDocument> {
  return fc
    .array(asset, { minLength: 1, maxLength: 4 })
    .map((assets) =>
      assets.map((one, index): Asset => ({ ...one, id: `fig-${index}`, made: one.made || (one.required && !missing) })),
    )
    .chain((assets) =>
      fc.record({
        assets: fc.constant(assets),
        declared: fc.tuple(
          ...assets.map((one) =>
            fc
              .tuple(words, words, fc.constantFrom(...FORMS))
              .map(([inner, text, form]) => form({ text: inner, asset: one }, text)),
          ),
        ),
        others: fc.array(block(assets), { maxLength: 10 }),
        order: fc.infiniteStream(fc.nat()),
        eol: fc.constantFrom('\n', '\r\n', '\r'),
        bom: fc.constantFrom('', '\uFEFF'),
        end: fc.constantFrom('', '\n', '\n\n'),
        blank: fc.constantFrom('\n\n', '\n \n', '\n\n\n'),
      }),
    )
    .map(({ assets, declared, others, order, eol, bom, end, blank }) => {
      const blocks = [...declared, ...others].map((parts) => ({ parts, key: order.next().value ?? 0 }));
      const shuffled = blocks.toSorted((one, other) => one.key - other.key).map(({ parts }) => parts);
      const join = (part: (part: Part) => string) =>
        bom + (shuffled.map((parts) => parts.map(part).join('')).join(blank) + end).replaceAll('\n', eol);
      return { source: join(written), expected: join(left), assets };
    });
}
