// Keeps what came back on a create beside what was sent, whatever has become of the create meanwhile.
import { eq } from 'drizzle-orm';
import type { CallAnswer } from '../../domain/schedules/create-record.ts';
import type { Tx } from '../database/database.ts';
import { intents } from '../schema/schedules.ts';

export interface Answered {
  readonly intentId: string | null;
  readonly answer?: CallAnswer | null | undefined;
}

/** Nothing changes where the attempt sent nothing itself. */
export async function keepAnswer(tx: Tx, { intentId, answer }: Answered): Promise<void> {
  if (intentId === null || !answer) return;
  await tx.update(intents).set({ answer }).where(eq(intents.id, intentId));
}
