// Publishing to a site by its tools, through the real workflow: the site's own record says what is live.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditBreak, outcomeOf } from '../../harness/outcome.ts';
import { openStage, type Stage } from '../../harness/stage.ts';
import { until } from '../../harness/until.ts';
import { SITE_PROGRAM } from '../../mcp/doors.ts';
import { type HttpSite, startHttpSite, type WireFault } from '../../mcp/http-site.ts';
import { type SiteFault, siteRecord } from '../../mcp/site-server.ts';
import { connectSite, manySites, postTo, siteSettings } from '../../mcp/stage-sites.ts';

const TOKEN = 'tok-0f1e2d3c4b5a';

let site: HttpSite;
let stage: Stage;
let folder: string;
let opened = 0;
beforeAll(async () => {
  site = await startHttpSite({ token: TOKEN });
  folder = mkdtempSync(join(tmpdir(), 'mcp-publish-'));
  const reach = { url: site.url, secret_env: 'ONCEPOST_MCP_SITE' };
  stage = await openStage(
    {
      'timeouts.answer': '3s',
      mcp_servers: {
        ...manySites(12, reach),
        blind: siteSettings(reach, { lookup: undefined }),
        program: siteSettings({ command: [process.execPath, SITE_PROGRAM, folder] }),
      },
    },
    { ONCEPOST_MCP_SITE: TOKEN },
  );
  await stage.startWorker();
});
afterAll(async () => {
  await stage.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const nextServer = () => `site-${++opened}`;

/** Publishes one post, whose create meets the fault, and answers what became of it once it stands still. */
async function published(server: string, fault: SiteFault | WireFault | null) {
  const account = await connectSite(stage, server);
  const post = postTo(account);
  const { slug } = post.options;
  if (fault) site.fault(fault, slug);
  const publish = await stage.startPublish(post);
  await until(`it stands: ${slug}`, async () => {
    const state = (await stage.status(publish.scheduleId))?.state;
    return state === 'published' || state === 'failed' || state === 'unconfirmed';
  });
  const record = {
    live: async () => site.record.pages().filter((page) => page.slug === slug).length,
    creates: async () => site.arrived(slug),
  };
  const { live, state, creates, intents } = await outcomeOf(stage, publish.scheduleId, record);
  return { live, state, creates, intents, result: await stage.status(publish.scheduleId) };
}

describe('over HTTP', () => {
  const CELLS: readonly (readonly [SiteFault | WireFault | null, object])[] = [
    [null, { live: 1, state: 'published', creates: 1 }],
    ['run_then_reset', { live: 1, state: 'published', creates: 1 }],
    ['make_then_hang', { live: 1, state: 'published', creates: 1 }],
    ['make_then_throw', { live: 1, state: 'published', creates: 1 }],
    ['make_then_misfit', { live: 1, state: 'published', creates: 1 }],
    // Nothing was made, the site says so twice, and another create leaves.
    ['lost', { live: 1, state: 'published', creates: 2 }],
    ['gateway_502', { live: 1, state: 'published', creates: 2 }],
    ['hang', { live: 1, state: 'published', creates: 2 }],
    // Its tool said that it failed, and nothing ever appeared: a person decides.
    ['throw', { live: 0, state: 'failed', creates: 1 }],
  ];
  it.each(CELLS)('a create that meets %s', async (fault, expected) => {
    expect(await published(nextServer(), fault)).toMatchObject(expected);
  });

  it('a site that cannot be asked leaves an unknown outcome to a person', async () => {
    expect(await published('blind', 'run_then_reset')).toMatchObject({ live: 1, state: 'unconfirmed', creates: 1 });
  });

  it('a tool that changed is refused until the account is connected again', async () => {
    const server = nextServer();
    const account = await connectSite(stage, server);
    site.describe('Makes a page, and tells a friend.');
    const post = postTo(account);
    const publish = await stage.startPublish(post);
    await until('it failed', async () => (await stage.status(publish.scheduleId))?.state === 'failed');
    const { cause } = (await stage.status(publish.scheduleId)) ?? {};
    expect(cause).toMatchObject({ code: 'reconnect_required' });
    expect(site.arrived(post.options.slug)).toBe(0);
    await connectSite(stage, server);
    await publish.signal('replay', { requestedBy: 'Olga Operator' });
    await publish.result();
    expect(site.record.pages().filter(({ slug }) => slug === post.options.slug)).toHaveLength(1);
  });
});

describe('over stdio', () => {
  const ENDS: readonly (readonly [SiteFault | null, number])[] = [
    [null, 1],
    ['make_then_exit', 1],
    ['exit', 2],
  ];
  it.each(ENDS)('a create that meets %s', async (fault, creates) => {
    const account = await connectSite(stage, 'program');
    const post = postTo(account);
    if (fault) writeFileSync(join(folder, 'fault'), fault);
    const publish = await stage.startPublish(post);
    await publish.result();
    const record = siteRecord(folder);
    const ours = (entry: { slug?: unknown }) => entry.slug === post.options.slug;
    expect(record.pages().filter(ours)).toHaveLength(1);
    expect(record.calls('create_post').filter((call) => ours(call.arguments))).toHaveLength(creates);
  });
});

it('the audit chain is whole', async () => {
  expect(await auditBreak(stage)).toBeNull();
});
