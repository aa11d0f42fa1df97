// The API described by itself: OpenAPI 3.1, and a page to read and try it. Every byte of it is served from here.
import { readFile } from 'node:fs/promises';
import type { Context } from 'hono';
import { ApiRefused } from './api-refused.ts';
import type { Api, ApiEnv } from './deps.ts';
import { API_KEY_SECURITY } from './responses.ts';

const ASSETS = new Map([
  ['swagger-ui.css', { from: import.meta.resolve('swagger-ui-dist/swagger-ui.css'), type: 'text/css; charset=utf-8' }],
  [
    'swagger-ui-bundle.js',
    { from: import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js'), type: 'text/javascript; charset=utf-8' },
  ],
  ['favicon-32x32.png', { from: import.meta.resolve('swagger-ui-dist/favicon-32x32.png'), type: 'image/png' }],
]);

/** Only our own scripts, styles and answers; Swagger UI draws its icons from data addresses. */
const PAGE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Oncepost API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

// The validator badge would ask a server that is not ours.
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', validatorUrl: null, deepLinking: true });\n`;

/** Registers the document and the page; every operation must be registered before. */
export function docs(api: Api): void {
  api.openAPIRegistry.registerComponent('securitySchemes', API_KEY_SECURITY, {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, bound to a workspace and to scopes.',
  });
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Oncepost',
      version: '1',
      description:
        'Publish once, recover without republishing. Every refusal has the same envelope: `{"error": {"code", "message"}}`.',
    },
  });
  api.get('/openapi.json', (c) => c.json(document));
  api.get('/docs', (c) => c.html(PAGE, 200, { 'Content-Security-Policy': PAGE_CSP }));
  api.get('/docs/start.js', (c) => c.body(START, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }));
  api.get('/docs/:file', (c) => asset(c, c.req.param('file')));
}

async function asset(c: Context<ApiEnv>, file: string): Promise<Response> {
  const known = ASSETS.get(file);
  if (known === undefined) throw new ApiRefused('not_found');
  const bytes = await readFile(new URL(known.from));
  return c.body(new Uint8Array(bytes), 200, { 'Content-Type': known.type, 'Cache-Control': 'public, max-age=3600' });
}
