// A worker is killed at every point of every kind of post to a site by its tools; another takes over, and each page is live
// exactly once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_POINTS } from '../../src/publishing/attempt/points.ts';
import { auditBreak, PUBLISHED_ONCE } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { type HttpSite, startHttpSite } from '../mcp/http-site.ts';
import { manySites } from '../mcp/stage-sites.ts';
import type { PostKind } from './practice.ts';
import { mcpKinds } from './practice-mcp.ts';
import { casesOf, endsOf, type PointName, SWEEP_SETTINGS, startAll, takeCensus, untilAllStand } from './sweep.ts';

const OF_RENEWALS = ['grant_renewed_unsaved', 'grant_saved'];

describe('a worker that publishes by the tools of a site', () => {
  let site: HttpSite;
  let stage: Stage;
  let kinds: PostKind[];
  let worker: TestProcess;
  let counted: Map<string, PointName[]>;
  beforeAll(async () => {
    site = await startHttpSite();
    const servers = manySites(60, { url: site.url });
    stage = await openStage({ ...SWEEP_SETTINGS, mcp_servers: servers });
    kinds = mcpKinds(stage, site, Object.keys(servers));
    worker = await stage.startWorker();
  });
  afterAll(async () => {
    await stage.close();
    await site.close();
  });

  it('comes by every point of the protocol and of the preparation', async () => {
    counted = await takeCensus(stage, kinds);
    const points = new Set([...counted.values()].flat().map((name) => name.split('#')[0]));
    const expected = [...PROTOCOL_POINTS.filter((point) => !OF_RENEWALS.includes(point)), 'slug_found_free'];
    expect(points).toEqual(new Set(expected));
  });

  it('may die at any of them: another worker brings the page live, once', async () => {
    const standing = await startAll(stage, casesOf(kinds, counted));
    await untilAllStand(stage, standing, worker);
    await stage.startWorker();
    await worker.kill('SIGKILL');
    const ends = await endsOf(stage, standing);
    expect(ends).toEqual(standing.map(({ title }) => ({ title, ...PUBLISHED_ONCE })));
    expect(await auditBreak(stage)).toBeNull();
  }, 240_000);
});
