// The tools of a blog site over stdio: a program, started with the site's address, that asks the site's own tools over HTTP.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { CREATE_INPUT, LOOKUP_INPUT } from '../blog-site.ts';

const [site = ''] = process.argv.slice(2);

const answerSchema = z.object({
  result: z.object({
    content: z.array(z.object({ type: z.literal('text'), text: z.string() })),
    isError: z.boolean().optional(),
  }),
});

async function asked(name: string, given: object) {
  const response = await fetch(site, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: given } }),
  });
  const text = await response.text();
  return answerSchema.parse(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text)).result;
}

serveStdio(() => {
  const server = new McpServer({ name: 'blog', version: '1.0.0' });
  const create = { description: 'Publishes a page.', inputSchema: CREATE_INPUT };
  server.registerTool('create_post', create, (given) => asked('create_post', given));
  const lookup = { description: 'Tells a page.', inputSchema: LOOKUP_INPUT };
  server.registerTool('get_post', lookup, (given) => asked('get_post', given));
  return server;
});
