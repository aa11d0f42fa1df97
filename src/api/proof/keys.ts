// /api/proof/keys and /api/proof/secrets: what exports are signed with; and the public keys, for everybody who checks a bundle.
import { createRoute, z } from '@hono/zod-openapi';
import { instantSchema } from '../../domain/schedules/item.ts';
import { listProofKeys, listProofSecrets, type ProofSecret } from '../../ledger/proof/proof-keys.ts';
import { proofJwks, rotateProofKey, rotateProofSecret } from '../../proof/keys.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

const keySchema = z.object({
  id: z.string(),
  madeBy: z.string(),
  madeAt: instantSchema,
  retiredAt: instantSchema.nullable().meta({ description: 'Since when it signs nothing any more; null: it signs.' }),
});
const keysSchema = z
  .object({
    keys: z.array(keySchema).meta({ description: 'Ed25519 keys, newest first.' }),
    secrets: z.array(keySchema).meta({ description: 'Secrets of the HMAC, newest first, without themselves.' }),
  })
  .meta({ id: 'ProofKeys' });
const madeKeySchema = z.object({ id: z.string() }).meta({ id: 'ProofKeyMade' });
const madeSecretSchema = z
  .object({ id: z.string(), secret: z.string().meta({ description: 'Told once.' }) })
  .meta({ id: 'ProofSecretMade' });
const jwksSchema = z
  .object({
    keys: z.array(
      z.object({ kty: z.string(), crv: z.string(), x: z.string(), kid: z.string(), alg: z.string(), use: z.string() }),
    ),
  })
  .meta({ id: 'ProofJwks' });
const unusable = refusals('unauthenticated', 'scope_missing', 'internal_error', 'ledger_unavailable');
const shared = (deps: ApiDeps) => ({ security: securityOf('proof.keys'), middleware: [allowed(deps, 'proof.keys')] });

/** Registers the operations. */
export function proofKeyOperations(api: Api, deps: ApiDeps): void {
  list(api, deps);
  changeKey(api, deps);
  changeSecret(api, deps);
  publish(api, deps);
}

function list(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/proof/keys',
    operationId: 'get-proof-keys',
    summary: 'List the keys of exports',
    ...shared(deps),
    responses: { 200: json(keysSchema, 'Public facts; no secret is in them.'), ...unusable },
  });
  api.openapi(route, async (c) => {
    const { workspaceId } = c.get('caller');
    const keys = (await listProofKeys(deps.ledger, workspaceId)).map(shown);
    const secrets = (await listProofSecrets(deps.ledger, workspaceId)).map(shown);
    return c.json(keysSchema.parse({ keys, secrets }), 200);
  });
}

function changeKey(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/proof/keys',
    operationId: 'post-proof-key',
    summary: 'Sign with a new Ed25519 key from now on',
    description: 'The public half of the one before stays published, for the bundles that it signed.',
    ...shared(deps),
    responses: { 201: json(madeKeySchema, 'It signs from now on.'), ...unusable },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    return c.json(madeKeySchema.parse({ id: await rotateProofKey(deps.ledger, { workspaceId, actor }) }), 201);
  });
}

function changeSecret(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/proof/secrets',
    operationId: 'post-proof-secret',
    summary: 'Make a new secret for the HMAC from now on',
    ...shared(deps),
    responses: { 201: json(madeSecretSchema, 'The secret is told this once.'), ...unusable },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    return c.json(madeSecretSchema.parse(await rotateProofSecret(deps.ledger, { workspaceId, actor })), 201);
  });
}

function publish(api: Api, { ledger }: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/.well-known/oncepost-proof-keys.json',
    operationId: 'get-proof-jwks',
    summary: 'The public keys by which anybody checks a bundle',
    description: 'Every key of this server there ever was, as a JWKS (RFC 7517). Needs no API key.',
    responses: { 200: json(jwksSchema, 'The keys.'), ...refusals('internal_error', 'ledger_unavailable') },
  });
  api.openapi(route, async (c) => c.json(jwksSchema.parse(await proofJwks(ledger)), 200));
}

function shown({ id, madeBy, madeAt, retiredAt }: ProofSecret) {
  return { id, madeBy: madeBy.label, madeAt: madeAt.toISOString(), retiredAt: retiredAt?.toISOString() ?? null };
}
