// The border of every body: not too long, said to be JSON, JSON in UTF-8 in truth, and not nested without end.
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ApiRefused, invalidRequest } from './api-refused.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';

/** Deeper than any request of ours, and far from what exhausts the stack of whoever walks through it. */
const DEEPEST = 32;
const JSON_TYPE = /^application\/json *(;|$)/i;

/** Lets only a well-formed JSON body pass. `maxSize`: in bytes. */
export function jsonBody(
  { settings }: Pick<ApiDeps, 'settings'>,
  maxSize = settings.limits.requestBodyBytes,
): MiddlewareHandler<ApiEnv>[] {
  const onError = () => {
    const limit = `at most ${maxSize} bytes`;
    throw new ApiRefused('body_too_large', {
      message: `The body is too large (${limit}); nothing was changed; send a smaller one.`,
      problems: [{ field: '', problem: 'the body is too large', limit }],
    });
  };
  return [declaredJson, bodyLimit({ maxSize, onError }), wellFormed];
}

const declaredJson: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!JSON_TYPE.test(c.req.header('content-type') ?? '')) throw new ApiRefused('unsupported_media_type');
  await next();
};

const wellFormed: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const value = parse(new Uint8Array(await c.req.arrayBuffer()));
  if (isDeeper(value, DEEPEST)) {
    throw invalidRequest([{ field: '', problem: 'is nested too deeply', limit: `at most ${DEEPEST} levels` }]);
  }
  await next();
};

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApiRefused('malformed_body');
  }
}

/** Walks level by level, so that depth costs no stack. */
function isDeeper(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  }
  return false;
}
