// Which calls are armed with which fault, and how many requests of each passed.
import type { Fault } from './faults.ts';

/** What passed the proxy for one XRPC method. */
export interface CallCount {
  /** Requests that arrived whole. */
  readonly received: number;
  /** Requests the PDS answered, with whatever status. */
  readonly answeredByPds: number;
  /** Requests that met a fault. */
  readonly faulted: number;
}

/** A fault a request has met; `fired` tells the test that its ending is about to come. */
export interface DrawnFault {
  readonly fault: Fault;
  fired(): void;
}

interface Armed extends DrawnFault {
  left: number;
}

/** The memory of one proxy. */
export class FaultBook {
  readonly #armed = new Map<string, Armed>();
  readonly #counts = new Map<string, CallCount>();

  /** Replaces what the call was armed with. The promise resolves when the fault first fires. */
  arm(call: string, fault: Fault, times: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#armed.set(call, { fault, left: times, fired: resolve });
    return promise;
  }

  disarm(): void {
    this.#armed.clear();
  }

  /** The fault for this request, used up by one; undefined when it may pass. */
  draw(call: string): DrawnFault | undefined {
    const armed = this.#armed.get(call);
    if (!armed || armed.left <= 0) return undefined;
    armed.left -= 1;
    this.note(call, 'faulted');
    return armed;
  }

  note(call: string, what: keyof CallCount): void {
    const soFar = this.count(call);
    this.#counts.set(call, { ...soFar, [what]: soFar[what] + 1 });
  }

  count(call: string): CallCount {
    return this.#counts.get(call) ?? { received: 0, answeredByPds: 0, faulted: 0 };
  }
}
