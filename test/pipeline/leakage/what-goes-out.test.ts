// No planning marker and no placeholder goes out, wherever it stands: beside the text too, without any gate in the contract, and on the
// page that visitors get.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectSite } from '../../mcp/stage-sites.ts';
import { FLOW, visual } from '../article-run.ts';
import { type BlogSite, blogServer, startBlogSite } from '../blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from '../place.ts';

const json = (name: string) => ({ name, media_type: 'application/json' });
const GIVEN = ['article.md', 'seo.json', 'visual-manifest.json'];
const builtin = (uses: string, made: string, more: object = {}) => ({
  id: uses,
  runner: 'builtin',
  uses,
  inputs: GIVEN,
  artifacts: [json(made)],
  ...more,
});

const MARKER = 'ZCP:ASSET id="flow"';
const ROUGH = 'https://media.example/rough.png';
const MADE = visual('flow', FLOW, 'Three boxes');
const NOT_REVIEWED = visual('rough', FLOW, 'A draft', { url: ROUGH, reviewed: null });

describe('a run', () => {
  let site: BlogSite;
  let place: PipelinePlace;
  let started = 0;
  beforeAll(async () => {
    site = await startBlogSite();
    const common = {
      destination: 'blog',
      zones: { news: `${site.url}/news/{slug}/` },
      inputs: [{ name: 'article.md', media_type: 'text/markdown' }, json('seo.json'), json('visual-manifest.json')],
    };
    const review = { ...common, stages: [builtin('final_review', 'review.json', { terminal: 'reviewed' })] };
    const publish = {
      ...common,
      stages: [
        builtin('publish', 'publish-result.json'),
        builtin('live_qa', 'live-qa.json', { timeout: '4s', terminal: 'published' }),
      ],
    };
    place = await openPipelinePlace({ review, publish }, { mcp_servers: { blog: blogServer(site) } });
    await connectSite(place.stage, 'blog');
    await place.startWorker();
  });
  afterAll(async () => {
    await place.close();
    await site.close();
  });

  interface Given {
    readonly text?: string;
    readonly title?: string;
    readonly seo?: object;
    readonly visuals?: readonly object[];
  }

  async function start(pipeline: string, { text = 'It is wide.', seo = {}, visuals = [MADE], title }: Given) {
    started += 1;
    const files = {
      'article.md': `# The sea\n\n${text}\n`,
      'seo.json': JSON.stringify(seo),
      'visual-manifest.json': JSON.stringify({ visuals }),
    };
    return place.start({ pipeline, slug: `goes-out-${started}`, files, ...(title ? { title } : {}) });
  }

  const stopped = async (id: string) => {
    const { run, stages } = await place.untilRun(id, 'is stopped', ({ run: { state } }) =>
      /^(blocked|failed)$/.test(state),
    );
    const cause = stages.find((stage) => stage.id === run.stage)?.cause;
    return [run.stage, cause?.code, cause?.text];
  };

  it.each([
    ['its title', { seo: { title: `The sea ${MARKER}` } }, 'The title'],
    ['its working title, where that goes out', { title: `The sea ${MARKER}` }, 'The title'],
    ['its description', { seo: { description: `About it. <!-- ${MARKER} -->` } }, 'The description'],
    ['a tag', { seo: { tags: ['sea', MARKER] } }, 'A tag'],
    ['an alternative text', { visuals: [visual('flow', FLOW, MARKER)] }, 'The alternative text of flow'],
  ] as const)('is stopped at its review for a marker in %s', async (_what, given, where) => {
    const said = expect.stringContaining(`${where} is not fit to go out: A planning marker stands`);
    expect(await stopped(await start('review', given))).toEqual(['final_review', 'markers_found', said]);
  });

  it('is stopped at its review for the address of an asset that does not count as made', async () => {
    const id = await start('review', { text: `![A draft](${ROUGH})`, visuals: [NOT_REVIEWED] });
    const said = expect.stringContaining('A placeholder stands as an image');
    expect(await stopped(id)).toEqual(['final_review', 'markers_found', said]);
  });

  it('sends nothing out with a marker in it, though its contract names no gate', async () => {
    const before = site.creates();
    const id = await start('publish', { text: `<!-- ${MARKER} -->` });
    expect(await stopped(id)).toEqual([
      'publish',
      'markers_found',
      expect.stringContaining('A planning marker stands'),
    ]);
    expect(site.creates()).toBe(before);
  });

  it('is not published while visitors are shown an asset that does not count as made', async () => {
    site.theme(`<img src="${ROUGH}" alt="">`);
    const id = await start('publish', { visuals: [MADE, NOT_REVIEWED] });
    expect(await stopped(id)).toEqual([
      'live_qa',
      'page_differs',
      expect.stringContaining('No placeholder is left: no. Expected none; seen'),
    ]);
    site.theme('');
  });
});
