// What must not go out, wherever a stage finds it: in the text, in the page that would be made of it, and in what stands around it.
import type { LeakOptions } from '../../domain/pipeline/leakage/in-html.ts';
import { leaksInHtml } from '../../domain/pipeline/leakage/in-html.ts';
import { leaksInMarkdown } from '../../domain/pipeline/leakage/in-markdown.ts';
import type { Leak } from '../../domain/pipeline/leakage/leak.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import { notMadeReasons } from '../../domain/pipeline/visuals/made.ts';
import { type Visual, visualManifestSchema } from '../../domain/pipeline/visuals/visual-manifest.ts';
import { bodyHtml } from '../../platforms/blog/body.ts';
import type { StageInput, StageWork } from '../runners/runner.ts';
import { postDetailsSchema } from '../runs/known-files.ts';
import { readJsonInput, readText } from './read-input.ts';

type Work = Pick<StageWork, 'inputs' | 'title'>;

/** Why the first of them stops the stage; null: there is none. @throws BadInput */
export async function leakCause(work: Work): Promise<StageCause | null> {
  const leaks = await leaksIn(work);
  const [first] = leaks;
  if (!first) return null;
  const where = first.line === null ? '' : ` (line ${first.line}, column ${first.column})`;
  const more = leaks.length > 1 ? ` There are ${leaks.length} in all.` : '';
  return stageCause('markers_found', `${first.sentence}${where}${more}`, leaks.map(({ found }) => found).join('\n'));
}

async function leaksIn(work: Work): Promise<readonly Leak[]> {
  const text = await readText(work.inputs);
  const options = { placeholders: await unmadeAddresses(work.inputs) };
  const leaks = leaksInMarkdown(text, options);
  const inText = leaks.length > 0 ? leaks : leaksInHtml(bodyHtml(text, 'markdown'), options);
  return [...inText, ...(await leaksAround(work, options))];
}

/** In the title, the description, the tags and the alternative texts that go out beside the text. */
async function leaksAround({ inputs, title }: Work, options: LeakOptions): Promise<Leak[]> {
  const details = await readJsonInput(inputs, 'seo.json', postDetailsSchema);
  const visuals = (await visualsIn(inputs)).filter(isMade);
  const texts: readonly (readonly [string, string | null | undefined])[] = [
    ['The title', details?.title ?? title],
    ['The description', details?.description],
    ...(details?.tags ?? []).map((tag) => ['A tag', tag] as const),
    ...visuals.map(({ id, alt_text }) => [`The alternative text of ${id}`, alt_text] as const),
  ];
  return texts.flatMap(([what, text]) =>
    leaksInMarkdown(text ?? '', options).map((leak) => ({
      ...leak,
      line: null,
      column: null,
      sentence: `${what} is not fit to go out: ${leak.sentence}`,
    })),
  );
}

/** Addresses of assets that do not count as made. @throws BadInput */
export async function unmadeAddresses(inputs: readonly StageInput[]): Promise<ReadonlySet<string>> {
  const visuals = await visualsIn(inputs);
  const made = new Set(visuals.filter(isMade).map(({ url }) => url));
  return new Set(visuals.flatMap(({ url }) => (url === undefined || made.has(url) ? [] : [url])));
}

const isMade = (visual: Visual): boolean => notMadeReasons(visual).length === 0;

async function visualsIn(inputs: readonly StageInput[]): Promise<readonly Visual[]> {
  return (await readJsonInput(inputs, 'visual-manifest.json', visualManifestSchema))?.visuals ?? [];
}
