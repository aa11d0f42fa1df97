// /api/apps: the client by which a workspace asks for grants on each platform. Secrets go in and never out.
import { createRoute, z } from '@hono/zod-openapi';
import { AppRefused, platformApps, setPlatformApp } from '../../connections/platform-apps.ts';
import { platformAppRequestSchema, platformAppsSchema } from '../../domain/connections/platform-app.ts';
import { removeApp } from '../../ledger/connections/apps.ts';
import { NotConnected } from '../../publishing/grants/not-connected.ts';
import { ApiRefused, invalidRequest } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const params = z.object({ platform: z.string().meta({ param: { name: 'platform', in: 'path' } }) });
const unusable = refusals('unauthenticated', 'scope_missing', 'internal_error', 'ledger_unavailable');

/** Registers the operations. */
export function appOperations(api: Api, deps: ApiDeps): void {
  list(api, deps);
  set(api, deps);
  remove(api, deps);
}

function list(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/apps',
    operationId: 'get-apps',
    summary: 'List the platform apps',
    security: securityOf('apps.change'),
    middleware: [allowed(deps, 'apps.change')],
    responses: { 200: json(platformAppsSchema, 'Without their secrets.'), ...unusable },
  });
  api.openapi(route, async (c) => c.json(await appsOf(deps, c.get('caller').workspaceId), 200));
}

async function appsOf(deps: ApiDeps, workspaceId: string) {
  return platformAppsSchema.parse({ apps: await platformApps(deps, workspaceId, deps.publicUrl) });
}

function set(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'put',
    path: '/api/apps/{platform}',
    operationId: 'put-app',
    summary: 'Set the app of a platform',
    description: 'In the place of the one before. Grants that were given to that one go on.',
    security: securityOf('apps.change'),
    middleware: [allowed(deps, 'apps.change'), ...jsonBody(deps)],
    request: {
      params,
      body: { required: true, content: { 'application/json': { schema: platformAppRequestSchema } } },
    },
    responses: {
      200: json(platformAppsSchema, 'Every app as it stands now.'),
      ...refusals(
        'malformed_body',
        'unauthenticated',
        'scope_missing',
        'not_found',
        'body_too_large',
        'unsupported_media_type',
        'invalid_request',
        'internal_error',
        'ledger_unavailable',
      ),
    },
  });
  api.openapi(route, async (c) => {
    const caller = c.get('caller');
    try {
      await setPlatformApp(deps, caller, c.req.valid('param').platform, c.req.valid('json'));
    } catch (error) {
      if (error instanceof NotConnected) throw new ApiRefused('not_found');
      if (error instanceof AppRefused) throw invalidRequest([{ field: '', problem: error.message }]);
      throw error;
    }
    return c.json(await appsOf(deps, caller.workspaceId), 200);
  });
}

function remove(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'delete',
    path: '/api/apps/{platform}',
    operationId: 'delete-app',
    summary: 'Remove the app of a platform',
    description: 'Grants that it was given go on.',
    security: securityOf('apps.change'),
    middleware: [allowed(deps, 'apps.change')],
    request: { params },
    responses: {
      200: json(platformAppsSchema, 'Every app as it stands now.'),
      ...refusals('unauthenticated', 'scope_missing', 'not_found', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const removed = await removeApp(deps.ledger, { workspaceId, platform: c.req.valid('param').platform }, actor);
    if (!removed) throw new ApiRefused('not_found');
    return c.json(await appsOf(deps, workspaceId), 200);
  });
}
