// A Graph call's parameters: the query, a form and a JSON body are all the same to Meta.
import { z } from 'zod';
import { bearerOf, formOf, jsonOf, type SandboxRequest } from '../request.ts';

/** Parameters by name; a list is joined by commas. */
export type Parameters = ReadonlyMap<string, string>;

const cache = new WeakMap<SandboxRequest, Parameters>();
const bodySchema = z.record(z.string(), z.unknown());

/** Reads a call's parameters, once. */
export function parametersOf(request: SandboxRequest): Parameters {
  const known = cache.get(request);
  if (known) return known;
  const parameters = new Map([...request.url.searchParams, ...bodyParameters(request)]);
  cache.set(request, parameters);
  return parameters;
}

function bodyParameters(request: SandboxRequest): [string, string][] {
  if (request.bytes.length === 0) return [];
  if (!(request.header('content-type') ?? '').includes('json')) return [...formOf(request)];
  const parsed = bodySchema.safeParse(jsonOf(request));
  if (!parsed.success) return [];
  return Object.entries(parsed.data).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : String(value),
  ]);
}

/** The access token: the header, or the parameter. */
export function accessTokenOf(request: SandboxRequest): string | undefined {
  return bearerOf(request) ?? parametersOf(request).get('access_token');
}

/** The names in `fields`; a field's own selection (`children{id}`) is left to the field. */
export function fieldsOf(parameters: Parameters): Set<string> {
  const names = (parameters.get('fields') ?? '').replaceAll(/\{[^}]*\}/g, '').split(',');
  return new Set(names.map((name) => name.trim()).filter((name) => name !== ''));
}
