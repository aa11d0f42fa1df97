// Who acts when somebody with a shell on the machine uses the command line.
import type { Actor } from '../domain/people/actor.ts';

export const CLI_ACTOR: Actor = { type: 'SYSTEM', id: 'cli', label: 'the command line' };
