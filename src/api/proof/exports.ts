// /api/proof/exports: asks for bundles of proof, follows them, and downloads them.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import { proofExportRequestSchema, proofExportSchema, proofExportsSchema } from '../../domain/proof/export-request.ts';
import { findProofExport, listProofExports, type ProofExportRow } from '../../ledger/proof/proof-exports.ts';
import { findBundle } from '../../proof/export/bundle-file.ts';
import { bundleName, viewExport } from '../../proof/export/export-view.ts';
import { type ExportCall, requestExport } from '../../proof/export/request-export.ts';
import { newId, sha256Hex } from '../../runtime/ids.ts';
import { ApiRefused, invalidRequest } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { answerOnce, idempotencyHeaders } from '../idempotency.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const OPERATION = 'post-proof-export';
const LISTED = 100;
const exportPath = z.object({ id: z.string() });
const UUID = z.uuid();
const unusable = refusals('unauthenticated', 'scope_missing', 'internal_error', 'ledger_unavailable');
const shared = (deps: ApiDeps) => ({
  security: securityOf('proof.export'),
  middleware: [allowed(deps, 'proof.export')],
});

/** Registers the operations. */
export function proofExportOperations(api: Api, deps: ApiDeps): void {
  ask(api, deps);
  list(api, deps);
  show(api, deps);
  download(api, deps);
}

function ask(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/proof/exports',
    operationId: OPERATION,
    summary: 'Ask for a bundle of proof',
    description: 'It is made in the background; a range of many years is fine.',
    security: securityOf('proof.export'),
    middleware: [allowed(deps, 'proof.export'), ...jsonBody(deps)],
    request: {
      headers: idempotencyHeaders,
      body: { required: true, content: { 'application/json': { schema: proofExportRequestSchema } } },
    },
    responses: {
      200: json(proofExportSchema, 'It is being made.'),
      ...unusable,
      ...refusals('malformed_body', 'body_too_large', 'unsupported_media_type', 'invalid_request'),
      ...refusals('idempotency_in_progress', 'idempotency_key_reused', 'temporal_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const call = { caller: c.get('caller'), request: c.req.valid('json') };
    const key = c.req.valid('header')['Idempotency-Key'];
    const body = key === undefined ? await asked(deps, { ...call, id: newId() }) : await askedOnce(deps, call, key);
    return c.json(proofExportSchema.parse(body), 200);
  });
}

async function askedOnce(deps: ApiDeps, call: Omit<ExportCall, 'id'>, key: string): Promise<unknown> {
  const { workspaceId } = call.caller;
  const requestHash = sha256Hex(JSON.stringify(call.request));
  const id = newId();
  const answer = () => asked(deps, { ...call, id });
  return (await answerOnce(deps.ledger, { workspaceId, operation: OPERATION, key, requestHash }, answer)).body;
}

async function asked(deps: ApiDeps, call: ExportCall) {
  const reply = await requestExport(deps, call);
  if (reply.kind === 'asked') return reply.export;
  const field = `accounts.${reply.index}`;
  throw invalidRequest([{ field, problem: 'is no account of this workspace, neither by name nor by id' }]);
}

function list(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/proof/exports',
    operationId: 'get-proof-exports',
    summary: 'List the exports of proof',
    ...shared(deps),
    responses: { 200: json(proofExportsSchema, `Newest first, ${LISTED} at most.`), ...unusable },
  });
  api.openapi(route, async (c) => {
    const rows = await listProofExports(deps.ledger, c.get('caller').workspaceId, LISTED);
    return c.json(proofExportsSchema.parse({ exports: rows.map(viewExport) }), 200);
  });
}

function show(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/proof/exports/{id}',
    operationId: 'get-proof-export',
    summary: 'Follow an export of proof',
    ...shared(deps),
    request: { params: exportPath },
    responses: { 200: json(proofExportSchema, 'How far it has come.'), ...unusable, ...refusals('not_found') },
  });
  api.openapi(route, async (c) => {
    const row = await rowOf(deps, c.get('caller').workspaceId, c.req.valid('param').id);
    return c.json(proofExportSchema.parse(viewExport(row)), 200);
  });
}

function download(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/proof/exports/{id}/file',
    operationId: 'get-proof-export-file',
    summary: 'Download a bundle of proof',
    ...shared(deps),
    request: { params: exportPath },
    responses: {
      200: {
        description: 'The ZIP.',
        content: { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } },
      },
      ...unusable,
      ...refusals('not_found', 'proof_not_ready', 'proof_elsewhere'),
    },
  });
  api.openapi(route, async (c) => {
    const row = await rowOf(deps, c.get('caller').workspaceId, c.req.valid('param').id);
    if (row.state !== 'done') throw new ApiRefused('proof_not_ready');
    const path = await findBundle(deps.dataFolder, row);
    if (path === null) throw new ApiRefused('proof_elsewhere');
    return c.body(Readable.toWeb(createReadStream(path)), 200, {
      'Content-Type': 'application/zip',
      'Content-Length': String(row.sizeBytes),
      'Content-Disposition': `attachment; filename="${bundleName(viewExport(row))}"`,
    });
  });
}

async function rowOf({ ledger }: ApiDeps, workspaceId: string, id: string): Promise<ProofExportRow> {
  const row = UUID.safeParse(id).success ? await findProofExport(ledger, workspaceId, id) : null;
  if (row) return row;
  throw new ApiRefused('not_found');
}
