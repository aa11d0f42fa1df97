// Sites as the settings of a stage name them, and accounts on them, connected as a person connects them.
import { connectWithSecrets } from '../../src/connections/connect-with-secrets.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { OLGA } from '../workflow/shop.ts';

/** The settings of a site that publishes by the tools of these tests, as `temporal.yaml` writes them. */
export function siteSettings(reach: object, more: object = {}): object {
  return {
    ...reach,
    create: {
      tool: 'create_post',
      arguments: {
        title: '{title}',
        slug: '{slug}',
        html: '{html}',
        zone: '{zone}',
        idempotency_key: '{idempotency_key}',
      },
    },
    lookup: { tool: 'get_post', arguments: { idempotency_key: '{idempotency_key}' }, found: '/found' },
    answers: [
      {
        id: '/post/id',
        slug: '/post/slug',
        zone: '/post/zone',
        url: '/post/url',
        status: '/post/status',
        key: '/post/key',
      },
    ],
    ...more,
  };
}

/** As many servers of the settings as accounts are wanted: an account is one of them. */
export function manySites(count: number, reach: object): Record<string, object> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`site-${index + 1}`, siteSettings(reach)]));
}

/** Connects the server of the settings, as often as a person would try it on a busy machine; answers the account's id. */
export function connectSite(stage: Stage, server: string): Promise<string> {
  const { context, workspaceId } = stage;
  return until(`${server} is connected`, async () => {
    const { accountId } = await connectWithSecrets(
      context,
      { workspaceId, actor: OLGA },
      { platform: 'mcp', secrets: { identifier: server }, accountId: null, name: null },
    );
    return accountId;
  });
}

let posts = 0;

/** A post with a slug of its own. */
export function postTo(account: string, slug = `post-${++posts}`) {
  return { account, text: 'Hello *there*', options: { title: `Post ${slug}`, slug, zone: 'news' } };
}
