// Before anybody is asked to approve a post, its destination is: what it would refuse is told first, with the field and the limit.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disconnectAccount } from '../../src/ledger/accounts/disconnect.ts';
import { connectSite } from '../mcp/stage-sites.ts';
import { OLGA } from '../workflow/shop.ts';
import { type BlogSite, blogServer, startBlogSite } from './blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';
import { json, markdown } from './specs.ts';

const TEXT = '# The sea\n\nIt is wide.\n';

/** Approves, publishes, and is done. */
const pipeline = (destination: string, address: string) => ({
  destination,
  zones: { news: address },
  inputs: [markdown('article.md'), json('seo.json')],
  stages: [
    {
      id: 'approve',
      runner: 'builtin',
      uses: 'approve',
      inputs: ['seo.json', 'article.md'],
      artifacts: [json('approval.json')],
    },
    {
      id: 'publish',
      runner: 'builtin',
      uses: 'publish',
      inputs: ['seo.json', 'approval.json', 'article.md'],
      artifacts: [json('publish-result.json')],
      terminal: 'published',
    },
  ],
});

let site: BlogSite;
let place: PipelinePlace;
beforeAll(async () => {
  site = await startBlogSite();
  const address = `${site.url}/news/{slug}/`;
  place = await openPipelinePlace(
    { whole: pipeline('whole', address), narrow: pipeline('narrow', address), absent: pipeline('nobody', address) },
    {
      mcp_servers: {
        whole: blogServer(site),
        narrow: {
          ...blogServer(site),
          create: {
            tool: 'create_post',
            arguments: { title: '{title}', slug: '{slug}', html: '{html}', zone: '{zone}', key: '{idempotency_key}' },
          },
        },
      },
      'reconcile.read_retry': '300ms',
    },
  );
  await connectSite(place.stage, 'whole');
  await connectSite(place.stage, 'narrow');
  await place.startWorker();
});
afterAll(async () => {
  await place.close();
  await site.close();
});

const start = (name: string, slug: string, seo: object = {}) =>
  place.start({ pipeline: name, slug, files: { 'article.md': TEXT, 'seo.json': JSON.stringify(seo) } });
const approveStage = async (id: string) => {
  const view = await place.untilRun(id, 'is stopped', ({ run }) => run.state === 'blocked' || run.state === 'failed');
  expect([view.run.stage, view.run.state, view.asks]).toEqual(['approve', 'blocked', null]);
  return view.stages[0]?.cause;
};

describe('nobody is asked to approve', () => {
  it('what the tool of the site has no argument for', async () => {
    const id = await start('narrow', 'tagged', { tags: ['sea'], description: 'Wide.' });
    expect(await approveStage(id)).toMatchObject({
      code: 'not_taken',
      nextAction: 'go_back',
      text: expect.stringMatching(
        /options\.tags has no place in the arguments of the tool create_post \(nothing, or "\{tags\}" in mcp_servers\.narrow\.create\.arguments\); options\.excerpt has no place/,
      ),
    });
    expect(site.creates()).toBe(0);
  });

  it('more than the destination takes', async () => {
    const id = await start('whole', 'many-tags', { tags: Array.from({ length: 21 }, (_, index) => `tag ${index}`) });
    expect((await approveStage(id))?.text).toMatch(/options\.tags .*20/);
  });

  it('what is meant for an account that is none', async () => {
    expect(await approveStage(await start('absent', 'no-account'))).toMatchObject({
      code: 'destination_missing',
      text: expect.stringContaining('account "nobody" is not a connected account of this workspace'),
    });
  });

  it('while it cannot be told whether it would be taken, and then everything is well', async () => {
    site.away(true);
    const id = await start('whole', 'away');
    const waits = await place.untilRun(id, 'waits', ({ run }) => run.state === 'waiting' && run.wakeAt !== null);
    expect(waits.asks).toBeNull();
    expect(waits.stages[0]?.says).toContain('whether it would be taken cannot be told');
    site.away(false);
    await place.untilRun(id, 'asks', ({ asks }) => asks !== null);
  });

  it('what is meant for an account that was disconnected, until it is connected again', async () => {
    const { ledger } = place.stage.context;
    const { workspaceId } = place.stage;
    const accountId = await connectSite(place.stage, 'whole');
    await disconnectAccount(ledger, { workspaceId, accountId, actor: OLGA });
    const id = await start('whole', 'disconnected');
    expect(await approveStage(id)).toMatchObject({ code: 'destination_missing', nextAction: 'mend_then_retry' });
    await connectSite(place.stage, 'whole');
    expect(await place.api.ask('POST', `/api/runs/${id}/retry`, { json: {} })).toMatchObject({ status: 200 });
    await place.untilRun(id, 'asks', ({ asks }) => asks !== null);
  });
});
