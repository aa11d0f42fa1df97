// The pipeline of the practice runs and the site it publishes to, which stand in no settings file: where the sandbox is found, only
// the start of everything knows. They are made by the same schemas, so that whatever holds for a file holds for them.
import type { Env } from '../runtime/env.ts';
import { mcpServersSection } from '../runtime/settings/mcp-schema.ts';
import { pipelinesSection } from '../runtime/settings/pipelines-schema.ts';
import type { Settings } from '../runtime/settings/settings.ts';
import { toMcpServers } from '../runtime/settings/to-mcp-servers.ts';
import { toPipeline } from '../runtime/settings/to-pipelines.ts';

export const PRACTICE_PIPELINE = 'practice';
/** The sandbox's site, the account that publishes there, and its server's name in the settings. */
export const PRACTICE_SITE = 'practice-site';
/** What its stages are called where somebody speaks of them. */
export const WRITE = 'write';
export const APPROVE = 'approve';
export const PUBLISH = 'publish';

/** Where the sandbox of this machine is found. */
export const sandboxUrlOf = ({ ONCEPOST_SANDBOX_PORT }: Pick<Env, 'ONCEPOST_SANDBOX_PORT'>): string =>
  `http://127.0.0.1:${ONCEPOST_SANDBOX_PORT}`;

const json = (name: string) => ({ name, media_type: 'application/json' });
const markdown = (name: string) => ({ name, media_type: 'text/markdown' });

/** The settings with what practice needs; a pipeline or server of the file with the same name stays as the file has it. */
export function withPractice(settings: Settings, sandboxUrl: string): Settings {
  const site = `${sandboxUrl}/site/${PRACTICE_SITE}`;
  const pipelines = pipelinesSection.parse({ [PRACTICE_PIPELINE]: pipelineAt(site) });
  const servers = mcpServersSection.parse({ [PRACTICE_SITE]: serverAt(site) });
  const made = Object.entries(pipelines).map(([name, file]) => [name, toPipeline(name, file)] as const);
  return {
    ...settings,
    pipelines: { ...Object.fromEntries(made), ...settings.pipelines },
    mcpServers: { ...toMcpServers(servers), ...settings.mcpServers },
  };
}

function pipelineAt(site: string) {
  return {
    destination: PRACTICE_SITE,
    zones: { notes: `${site}/notes/{slug}/` },
    inputs: [markdown('brief.md')],
    stages: [
      {
        id: WRITE,
        runner: 'human',
        asks: 'The text in Markdown; its first heading is the title.',
        inputs: ['brief.md'],
        artifacts: [markdown('draft.md')],
      },
      {
        id: 'final_review',
        runner: 'builtin',
        uses: 'final_review',
        gates: ['provenance'],
        inputs: ['draft.md'],
        artifacts: [json('final-review.json')],
      },
      {
        id: APPROVE,
        runner: 'builtin',
        uses: 'approve',
        inputs: ['final-review.json', 'draft.md'],
        artifacts: [json('approval.json')],
      },
      {
        id: PUBLISH,
        runner: 'builtin',
        uses: 'publish',
        gates: ['provenance', 'no_markers', 'approved'],
        inputs: ['approval.json', 'draft.md'],
        artifacts: [json('publish-result.json')],
      },
      {
        id: 'live_qa',
        runner: 'builtin',
        uses: 'live_qa',
        inputs: ['publish-result.json', 'draft.md'],
        artifacts: [json('live-qa.json')],
        timeout: '1m',
        terminal: 'published',
      },
    ],
  };
}

function serverAt(site: string) {
  const { title, slug, html, zone, key } = {
    title: '{title}',
    slug: '{slug}',
    html: '{html}',
    zone: '{zone}',
    key: '{idempotency_key}',
  };
  return {
    url: `${site}/mcp`,
    create: { tool: 'create_post', arguments: { title, slug, html, zone, idempotency_key: key } },
    lookup: { tool: 'get_post', arguments: { slug, idempotency_key: key }, found: '/found' },
    answers: ['/post', '', '/posts/0'].map((at) => ({
      id: `${at}/id`,
      slug: `${at}/slug`,
      zone: `${at}/zone`,
      url: `${at}/url`,
      status: `${at}/status`,
      title: `${at}/title`,
      html: `${at}/html`,
      key: `${at}/key`,
    })),
  };
}
