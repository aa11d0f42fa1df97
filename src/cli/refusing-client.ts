// What the server refuses a command is told as the command's own refusal.
import { OncepostRefused, OncepostUnreachable } from '../client/client.ts';
import { CommandRefused } from './command-refused.ts';

/** @throws CommandRefused with the server's sentence */
export async function refusingClient(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof OncepostRefused || error instanceof OncepostUnreachable)
      throw new CommandRefused(error.message);
    throw error;
  }
}
