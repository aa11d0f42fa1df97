// A site whose effects happen once: asked over HTTP or by a tool, it keeps its own record of what it did, and can be asked by the
// key of a call. What its next answers meet can be chosen.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { OPEN_SCHEMA, startRawServer } from '../mcp/raw-server.ts';

/** What befalls the next call. */
export type EffectFault =
  /** It takes effect, and the answer never comes. */
  | 'done_no_answer'
  /** It takes effect, and the connection breaks. */
  | 'done_reset'
  /** The connection breaks before anything is done. */
  | 'lost'
  /** It takes effect, and what it answers cannot be read. */
  | 'done_garbled';

export interface EffectsSite {
  readonly url: string;
  readonly mcpUrl: string;
  fault(fault: EffectFault, runId?: string): void;
  /** While true, what it did cannot be asked. */
  blind: boolean;
  /** The keys of what it did for a run, in order: its own record. */
  effects(runId: string): readonly string[];
  /** How often it was asked for what a key did. */
  looks(key: string): number;
  close(): Promise<void>;
}

const toldSchema = z.looseObject({ run: z.looseObject({ id: z.string() }), stage: z.looseObject({ key: z.string() }) });

export async function startEffectsSite(): Promise<EffectsSite> {
  const done: { runId: string; key: string }[] = [];
  const looks: string[] = [];
  const faults = new Map<string, EffectFault>();
  const take = (runId: string) => {
    const fault = faults.get(runId) ?? null;
    faults.delete(runId);
    return fault;
  };
  const known = (key: string) => done.find((one) => one.key === key);
  const made = { artifacts: { 'made.md': 'It was made.\n' } };
  const told = (key: string) => (known(key) ? { found: true, ...made } : { found: false });

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
    if (pathname === '/look') {
      const key = searchParams.get('key') ?? '';
      looks.push(key);
      if (site.blind) response.writeHead(503).end();
      else response.end(JSON.stringify(told(key)));
      return;
    }
    const body = toldSchema.parse(JSON.parse(await bodyOf(request)));
    const fault = take(body.run.id);
    if (fault === 'lost') return void request.socket.destroy();
    done.push({ runId: body.run.id, key: body.stage.key });
    if (fault === 'done_no_answer') return;
    if (fault === 'done_reset') return void request.socket.destroy();
    response.end(fault === 'done_garbled' ? '<html>' : JSON.stringify(made));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tools = await startRawServer();
  tools.tools = [
    { name: 'make', inputSchema: OPEN_SCHEMA },
    { name: 'was_made', inputSchema: OPEN_SCHEMA },
  ];
  tools.onCall = ({ tool, arguments: args }, reply) => {
    const { run, stage } = toldSchema.parse(args);
    const say = (value: object) =>
      reply.result({ content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value });
    if (tool === 'was_made') {
      looks.push(stage.key);
      return site.blind ? reply.http(503, 'later') : say(told(stage.key));
    }
    const fault = take(run.id);
    if (fault === 'lost') return void reply.response.destroy();
    done.push({ runId: run.id, key: stage.key });
    if (fault === 'done_no_answer') return;
    if (fault === 'done_reset') return void reply.response.destroy();
    if (fault === 'done_garbled') return reply.result({ content: [{ type: 'text', text: '<html>' }] });
    say(made);
  };
  const site: EffectsSite = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mcpUrl: tools.url,
    blind: false,
    fault: (fault, runId = '') => void faults.set(runId, fault),
    effects: (runId) => done.filter((one) => one.runId === runId).map(({ key }) => key),
    looks: (key) => looks.filter((one) => one === key).length,
    async close() {
      await tools.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
