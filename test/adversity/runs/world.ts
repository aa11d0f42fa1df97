// The world outside, on which stages of every runner have their effects: a program's file, an address and a tool. It keeps the record
// that judges, and can take a call without ever answering it.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** The runners whose work is done outside. */
export const OUTSIDE = ['command', 'http', 'mcp'] as const;

const toldSchema = z.looseObject({
  run: z.looseObject({ id: z.string() }),
  stage: z.looseObject({ key: z.string() }),
});
const effectSchema = z.object({ run: z.string(), key: z.string() });

export interface World {
  readonly url: string;
  /** The program of a stage, as the settings write it. */
  readonly program: readonly string[];
  /** The next call for this run takes effect and is never answered. */
  hang(runId: string): void;
  /** The keys of the effects that a run has had, one for each time. */
  effects(runId: string): string[];
  close(): Promise<void>;
}

/** What a stage answers, whoever is asked. */
const ANSWER = { artifacts: { 'made.md': 'It is done.' } };

const PROGRAM = `
const { appendFileSync, rmSync } = require('node:fs');
let text = '';
process.stdin.on('data', (part) => { text += part; }).on('end', () => {
  const { run, stage } = JSON.parse(text);
  let hangs = true;
  try { rmSync(process.argv[1] + '/hang-' + run.id); } catch { hangs = false; }
  appendFileSync(process.argv[1] + '/effects', JSON.stringify({ run: run.id, key: stage.key }) + '\\n');
  if (hangs) setInterval(() => {}, 1000);
  else console.log('${JSON.stringify(ANSWER)}');
});`;

/** `folder`: where it keeps its record. */
export async function openWorld(folder: string): Promise<World> {
  mkdirSync(folder, { recursive: true });
  const hanging = new Set<string>();
  /** Takes the effect; true: it is not to be answered. */
  const take = (told: z.infer<typeof toldSchema>): boolean => {
    appendFileSync(join(folder, 'effects'), `${JSON.stringify({ run: told.run.id, key: told.stage.key })}\n`);
    return hanging.delete(told.run.id);
  };
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'world', version: '1.0.0' });
    server.registerTool('work', { description: 'Does it.', inputSchema: toldSchema }, async (told) => {
      if (take(told)) await new Promise(() => {});
      return { content: [{ type: 'text', text: JSON.stringify(ANSWER) }] };
    });
    return server;
  });
  const http = createServer((request, response) => void serve(request, response));
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString('utf8');
    if (request.url === '/work') {
      if (!take(toldSchema.parse(JSON.parse(body)))) response.writeHead(200).end(JSON.stringify(ANSWER));
      return;
    }
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const init = { method: request.method ?? 'POST', headers, ...(body === '' ? {} : { body }) };
    const answered = await handler.fetch(new Request(`http://127.0.0.1${request.url}`, init));
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text());
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    program: ['node', '-e', PROGRAM, folder],
    hang(runId) {
      hanging.add(runId);
      writeFileSync(join(folder, `hang-${runId}`), '');
    },
    effects(runId) {
      const file = join(folder, 'effects');
      const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
      return lines
        .filter((line) => line !== '')
        .map((line) => effectSchema.parse(JSON.parse(line)))
        .filter(({ run }) => run === runId)
        .map(({ key }) => key);
    },
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
