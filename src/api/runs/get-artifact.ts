// GET /api/runs/{id}/artifacts/{name}: the bytes of what a run was given or made.
import { createRoute, z } from '@hono/zod-openapi';
import { artifactsOf } from '../../ledger/runs/artifacts.ts';
import { readArtifact } from '../../pipeline/artifacts/artifact-bytes.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { refusals } from '../responses.ts';

/** Registers the operation. */
export function getArtifact(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/runs/{id}/artifacts/{name}',
    operationId: 'get-run-artifact',
    summary: 'Download an artifact of a run',
    description:
      'The newest version, or the one named. Whatever it is, it comes as a file to be kept, never as a page.',
    security: securityOf('runs.read'),
    middleware: [allowed(deps, 'runs.read')],
    request: {
      params: z.object({ id: z.string(), name: z.string() }),
      query: z.strictObject({ version: z.coerce.number().int().min(1).optional() }),
    },
    responses: {
      200: { description: 'Its bytes.', content: { 'application/octet-stream': { schema: z.string() } } },
      ...refusals(
        'unauthenticated',
        'scope_missing',
        'not_found',
        'invalid_request',
        'internal_error',
        'ledger_unavailable',
      ),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId } = c.get('caller');
    const { id: runId, name } = c.req.valid('param');
    const { version } = c.req.valid('query');
    const versions = (await artifactsOf(deps.ledger.db, { workspaceId, runId })).filter((row) => row.name === name);
    const wanted = version === undefined ? versions.at(-1) : versions.find((row) => row.version === version);
    if (!wanted) throw new ApiRefused('not_found');
    const bytes = await readArtifact(deps, workspaceId, wanted.sha256);
    return c.body(new Uint8Array(bytes), 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="${wanted.name}"`,
      'X-Content-Type-Options': 'nosniff',
    });
  });
}
