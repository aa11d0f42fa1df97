// What holds for every call that leaves this process, whatever it asks for.
import type { ProxyChoice } from './proxy-choice.ts';

export interface Outbound {
  /** Our one `User-Agent`. */
  readonly userAgent: string;
  /** The proxy for a target; without it all are reached directly. */
  readonly proxyFor?: ProxyChoice | undefined;
}

/** The headers as they leave: our name in place of a library's own. */
export function signed(
  { userAgent }: Outbound,
  headers: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const others = Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'user-agent');
  return { 'user-agent': userAgent, ...Object.fromEntries(others) };
}
