// Kinds of posts to a site by its tools, on the official server, each on an account of its own.
import type { Stage } from '../harness/stage.ts';
import type { HttpSite, WireFault } from '../mcp/http-site.ts';
import type { SiteFault } from '../mcp/site-server.ts';
import { connectSite, postTo } from '../mcp/stage-sites.ts';
import { type CreateFault, type PostKind, withLostAnswer } from './practice.ts';

const FAULTS: Readonly<Record<CreateFault, SiteFault | WireFault>> = {
  commits_then_hangs: 'make_then_hang',
  lost_and_hangs: 'lost',
  commits_then_resets: 'run_then_reset',
  lost_behind_502: 'gateway_502',
};

/** Every kind of post to a site; `servers`: the names in the settings, of which each post takes one. */
export function mcpKinds(stage: Stage, site: HttpSite, servers: readonly string[]): PostKind[] {
  let opened = 0;
  const page: PostKind = {
    name: 'MCP page',
    async open(create) {
      const server = servers[opened] ?? '';
      opened += 1;
      const slug = `sweep-${opened}`;
      const account = await connectSite(stage, server);
      if (create) site.fault(FAULTS[create], slug);
      return {
        post: postTo(account, slug),
        live: async () => site.record.pages().filter((made) => made.slug === slug).length,
        creates: async () => site.arrived(slug),
        made: async () => 0,
        spoilCreate: async (fault) => site.fault(FAULTS[fault], slug),
        reconnect: async () => void (await connectSite(stage, server)),
      };
    },
  };
  return [page, withLostAnswer(page)];
}
