// One conversation with an MCP server: the handshake, its tools, at most one call, and the end. A new one for each call, so
// that nothing a server kept of another can stand between us and an answer.
import {
  Client,
  SdkError,
  SdkErrorCode,
  type Transport as Side,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client';
import type { McpServerPolicy } from '../../domain/mcp/server.ts';
import type { Exchange, NoAnswer, NotSent, ToolAnswer, ToolCall, ToolExchange } from '../exchange.ts';
import type { Outbound } from '../outbound.ts';
import type { Transport } from '../send.ts';
import { httpSide } from './http-side.ts';
import { StdioSide } from './stdio-side.ts';
import { toolDigest } from './tool-digest.ts';
import type { Wire } from './wire.ts';
import { withoutSecret } from './without-secret.ts';

export interface Speaking {
  readonly server: McpServerPolicy;
  readonly transport: Transport;
  readonly outbound: Outbound;
  /** The variables of our environment that programs and headers may be given. */
  readonly variables: Readonly<Record<string, string>>;
  readonly wire: Wire;
  /** On the monotonic clock, in ms: until when the server may take to come to the call. */
  readonly openUntilMs: number;
  /** How long the answer to the call is awaited, in ms. */
  readonly answerMs: number;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal | undefined;
}

/** The digest of each tool that the server has now, by name. */
export interface ToolList {
  readonly kind: 'tools';
  readonly digests: ReadonlyMap<string, string>;
}

/** Servers from before the probe may need to be asked anew, without it. */
const NO_PROBE_AFTER_MS = 5_000;
const MOST_PAGES = 16;

/** The tools as the server lists them, or why it could not be asked. */
export async function listTools(speaking: Speaking): Promise<ToolList | Exchange> {
  try {
    return await speak(speaking, async (_client, tools) => ({
      kind: 'tools',
      digests: new Map(tools.map((tool) => [tool.name, toolDigest(tool)])),
    }));
  } catch (error) {
    const { handshake } = speaking.wire;
    const answered = handshake?.kind === 'answer' && handshake.status < 300;
    return answered ? unreadable(error) : (handshake ?? unreached(error));
  }
}

/** Calls the tool, once. Before it is called, the server shows that the tool is the one that was allowed. */
export async function callTool(speaking: Speaking, call: ToolCall): Promise<ToolExchange> {
  const { wire, server } = speaking;
  let handshake = true;
  try {
    return await speak(speaking, async (client, tools) => {
      const tool = tools.find(({ name }) => name === call.tool);
      const changed = whatChanged(server, call, tool);
      if (tool === undefined || changed !== null)
        return { kind: 'not_sent', reason: 'tool_changed', detail: changed ?? '' };
      handshake = false;
      return askOnce(client, tool, speaking, call);
    });
  } catch (error) {
    if (!handshake) return unreached(error);
    const answer = wire.handshake;
    return answer?.kind === 'answer' && answer.status >= 400 ? answer : unreached(error, answer);
  }
}

async function askOnce(client: Client, tool: Tool, speaking: Speaking, call: ToolCall): Promise<ToolExchange> {
  const { wire, answerMs, signal } = speaking;
  try {
    const params = { name: call.tool, arguments: { ...call.arguments } };
    const timeout = openLeftMs(speaking) + answerMs;
    await client.callTool(params, { toolDefinition: tool, timeout, ...(signal ? { signal } : {}) });
    return withoutSecret(heard(wire, null), secretOf(speaking));
  } catch (error) {
    return withoutSecret(heard(wire, error), secretOf(speaking));
  } finally {
    wire.end();
  }
}

/** What the wire saw decides; what the client library made of it says at most why an answer does not fit. */
function heard(wire: Wire, error: unknown): ToolExchange {
  const { response, called, leaving, heldBack } = wire;
  if (response) return toAnswer(response, error);
  if (!leaving) {
    return heldBack
      ? { kind: 'not_sent', reason: 'deadline_passed', detail: 'the send deadline had passed' }
      : unreached(error, called);
  }
  if (called) return called;
  return { kind: 'no_answer', reason: lossOf(error), detail: nameOf(error) };
}

function toAnswer(response: NonNullable<Wire['response']>, error: unknown): ToolAnswer {
  if ('error' in response) {
    const { code, message } = response.error;
    return { kind: 'tool_answer', error: { code, message } };
  }
  return { kind: 'tool_answer', result: response.result, misfit: error instanceof Error ? error.message : null };
}

function lossOf(error: unknown): NoAnswer['reason'] {
  return error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout ? 'timeout' : 'reset';
}

/** Why the tool must not be called; null when it is the one that was allowed. */
function whatChanged(server: McpServerPolicy, call: ToolCall, tool: Tool | undefined): string | null {
  if (tool === undefined) return `the MCP server ${server.name} has no tool ${call.tool} any more`;
  const pin = Object.hasOwn(server.pinnedTools, call.tool) ? (server.pinnedTools[call.tool] ?? null) : call.pin;
  const digest = toolDigest(tool);
  if (pin === null || pin === digest) return null;
  return `the tool ${call.tool} of the MCP server ${server.name} changed its description or schema since it was allowed (${pin} then, ${digest} now)`;
}

type Work<Result> = (client: Client, tools: readonly Tool[]) => Promise<Result>;

/** Servers of the first revisions end at a question they do not know: they are spoken to once more, in their own way. */
async function speak<Result>(speaking: Speaking, work: Work<Result>): Promise<Result> {
  try {
    return await converse(speaking, 'auto', work);
  } catch (error) {
    const again = error instanceof SdkError && error.code === SdkErrorCode.EraNegotiationFailed;
    if (!again || speaking.wire.leaving) throw error;
    return converse(speaking, 'legacy', work);
  }
}

async function converse<Result>(speaking: Speaking, mode: 'auto' | 'legacy', work: Work<Result>): Promise<Result> {
  const leftMs = () => openLeftMs(speaking);
  const [name = 'Oncepost', version = '0'] = (speaking.outbound.userAgent.split(' ')[0] ?? '').split('/');
  const client = new Client(
    { name, version },
    {
      capabilities: {},
      versionNegotiation: { mode, probe: { timeoutMs: Math.min(NO_PROBE_AFTER_MS, Math.ceil(leftMs() / 2)) } },
      // A tool that asks for more has published nothing, and is not called again by anybody but the protocol.
      inputRequired: { autoFulfill: false },
      listMaxPages: MOST_PAGES,
    },
  );
  const side = sideOf(speaking);
  try {
    await client.connect(side, { timeout: leftMs() });
    const { tools } = await client.listTools(undefined, { timeout: leftMs() });
    return await work(client, tools);
  } finally {
    // Only where the server keeps a session: it need not keep it for us.
    if (side instanceof StreamableHTTPClientTransport) await side.terminateSession().catch(() => {});
    await Promise.allSettled([client.close(), side.close()]);
  }
}

function openLeftMs({ openUntilMs }: Speaking): number {
  return Math.max(1, Math.ceil(openUntilMs - performance.now()));
}

function secretOf({ server: { secretVariable }, variables }: Speaking): string | null {
  return secretVariable === null ? null : (variables[secretVariable] ?? null);
}

function sideOf(speaking: Speaking): Side {
  const { server, transport, variables, wire, answerMs } = speaking;
  const { reach, secretVariable } = server;
  const secret = secretOf(speaking);
  if (reach.kind === 'http') {
    const limitMs = (isCall: boolean) => openLeftMs(speaking) + (isCall ? answerMs : 0);
    return httpSide({ transport, url: reach.url, token: secret, wire, limitMs });
  }
  const { program, args } = reach;
  const names = ['PATH', ...reach.variables, ...(secretVariable === null ? [] : [secretVariable])];
  const given = names.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]] as const]));
  return new StdioSide({ program, args, env: Object.fromEntries(given) }, wire);
}

function unreached(error: unknown, exchange: Exchange | null = null): NotSent {
  const detail = exchange?.kind === 'answer' ? `the handshake was answered ${exchange.status}` : exchange?.detail;
  return { kind: 'not_sent', reason: 'unreachable', detail: detail ?? `the handshake failed: ${nameOf(error)}` };
}

function unreadable(error: unknown): NoAnswer {
  return { kind: 'no_answer', reason: 'truncated', detail: `its list of tools is unreadable: ${nameOf(error)}` };
}

/** The error's code or name; never its message, in which a server's words may stand. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
