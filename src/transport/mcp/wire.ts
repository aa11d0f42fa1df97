// Watches the one message of a conversation that matters, the call of the tool: whether it left, and what came back for it.
// What is seen here outranks whatever the client library makes of it.
import {
  isJSONRPCErrorResponse,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCErrorResponse,
  type JSONRPCResultResponse,
} from '@modelcontextprotocol/client';
import type { Exchange } from '../exchange.ts';
import type { SendGate } from '../send.ts';

type Response = JSONRPCResultResponse | JSONRPCErrorResponse;

/** The id of a `tools/call`; null for any other message. */
export function callIdOf(message: unknown): string | number | null {
  return isJSONRPCRequest(message) && message.method === 'tools/call' ? message.id : null;
}

/** The message, where it answers the request of this id; null for any other. */
export function responseTo(id: string | number | null, message: unknown): Response | null {
  const answers = isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message);
  return answers && id !== null && message.id === id ? message : null;
}

export class Wire implements SendGate {
  /** The call's bytes left, or are about to. */
  leaving = false;
  /** The gate was asked and said no. */
  heldBack = false;
  /** What came for the call in the protocol's own words. */
  response: Response | null = null;
  /** How the last HTTP exchange of the handshake ended. */
  handshake: Exchange | null = null;
  /** How the HTTP exchange of the call ended: of the first one, the only one that may have left. */
  called: Exchange | null = null;
  #over = false;
  readonly #gate: SendGate | null;

  /** `gate`: of a create; a call that may be repeated has none. */
  constructor(gate: SendGate | null) {
    this.#gate = gate;
  }

  /** Once in a conversation, whatever a library would like to send again, and never after its end. */
  mayLeave(): boolean {
    const may = !this.#over && !this.leaving && (this.#gate?.mayLeave() ?? true);
    if (may) this.leaving = true;
    else this.heldBack = true;
    return may;
  }

  async left(): Promise<void> {
    await this.#gate?.left();
  }

  /** Nothing leaves any more. */
  end(): void {
    this.#over = true;
  }
}
