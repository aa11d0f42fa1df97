// One message as it is handed to a channel, and what became of it.
import type { Line, Telling } from '../../domain/notifications/telling.ts';

export interface Message {
  readonly id: string;
  readonly workspace: string;
  readonly telling: Telling;
  /** When it was made, and not when it is sent. */
  readonly createdAt: Date;
}

/** `away`: nobody took it, and the next message would fare the same; `refused`: this one was not wanted. */
export type Sent =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'away'; readonly failure: string }
  | { readonly kind: 'refused'; readonly failure: string; readonly final: boolean };

/** The address a line leads to, or null: a path is one of our pages. */
export function addressOf({ href }: Pick<Line, 'href'>, pagesUrl: string): string | null {
  if (href === undefined) return null;
  return href.startsWith('/') ? `${pagesUrl}${href}` : href;
}
