// /api/rules: what follows from events by itself.
import { createRoute, z } from '@hono/zod-openapi';
import { ruleSchema } from '../../domain/rules/rule.ts';
import { type RuleView, ruleChangeSchema, rulesSchema, ruleViewSchema } from '../../domain/rules/view.ts';
import { changeRule, listRules, makeRule, type RuleRow } from '../../ledger/rules/rules.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const unusable = refusals(
  'unauthenticated',
  'scope_missing',
  'internal_error',
  'ledger_unavailable',
  'invalid_request',
);
const unreadable = refusals('malformed_body', 'body_too_large', 'unsupported_media_type', 'rule_exists');

/** Registers the operations. */
export function ruleOperations(api: Api, deps: ApiDeps): void {
  list(api, deps);
  make(api, deps);
  change(api, deps);
}

const view = ({ id, definition, enabled, hits, suppressed, lastFiredAt, madeBy, changedAt }: RuleRow): RuleView => ({
  ...{ id, definition, enabled, hits, suppression_count: suppressed, madeBy: madeBy.label },
  lastFiredAt: lastFiredAt?.toISOString() ?? null,
  changedAt: changedAt.toISOString(),
});

function list(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/rules',
    operationId: 'get-rules',
    summary: 'List the rules',
    security: securityOf('rules.read'),
    middleware: [allowed(deps, 'rules.read')],
    responses: { 200: json(rulesSchema, 'By name.'), ...unusable },
  });
  api.openapi(route, async (c) => {
    const rules = await listRules(deps.ledger, c.get('caller').workspaceId);
    return c.json(rulesSchema.parse({ rules: rules.map(view) }), 200);
  });
}

function make(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/rules',
    operationId: 'post-rule',
    summary: 'Make a rule',
    security: securityOf('rules.change'),
    middleware: [allowed(deps, 'rules.change'), ...jsonBody(deps)],
    request: { body: { required: true, content: { 'application/json': { schema: ruleSchema } } } },
    responses: { 201: json(ruleViewSchema, 'It is made, and enabled.'), ...unusable, ...unreadable },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const made = await makeRule(deps.ledger, { workspaceId, actor, definition: c.req.valid('json') });
    if (!made) throw new ApiRefused('rule_exists');
    return c.json(ruleViewSchema.parse(view(made)), 201);
  });
}

function change(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'patch',
    path: '/api/rules/{id}',
    operationId: 'patch-rule',
    summary: 'Enable, disable or replace a rule',
    security: securityOf('rules.change'),
    middleware: [allowed(deps, 'rules.change'), ...jsonBody(deps)],
    request: {
      params: z.object({ id: z.string() }),
      body: { required: true, content: { 'application/json': { schema: ruleChangeSchema } } },
    },
    responses: { 200: json(ruleViewSchema, 'As it is now.'), ...unusable, ...unreadable, ...refusals('not_found') },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const id = z.uuid().safeParse(c.req.valid('param').id).data;
    if (id === undefined) throw new ApiRefused('not_found');
    const changed = await changeRule(deps.ledger, { workspaceId, id, actor, ...c.req.valid('json') });
    if (changed === null) throw new ApiRefused('not_found');
    if (changed === 'name_taken') throw new ApiRefused('rule_exists');
    return c.json(ruleViewSchema.parse(view(changed)), 200);
  });
}
