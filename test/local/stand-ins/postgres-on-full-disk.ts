// Starts PostgreSQL on a disk that is then filled to the last byte, starts it again, frees the disk, and starts it once more.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startEmbeddedPostgres } from '../../../src/local/postgres/postgres.ts';
import { leaveNote, readNotes, refusalOf } from '../support/postgres.ts';

const { dataFolder, port } = z
  .object({ dataFolder: z.string(), port: z.number() })
  .parse(JSON.parse(process.argv[2] ?? ''));
const filler = join(dataFolder, 'filler');

const first = await startEmbeddedPostgres({ dataFolder, port });
await leaveNote(first.url, 'from before the disk was full');
await first.stop();
await writeFile(filler, Buffer.alloc(1024 ** 3)).catch((error: unknown) => console.log(`filled: ${String(error)}`));
console.log(`refused: ${await refusalOf(startEmbeddedPostgres({ dataFolder, port }))}`);
await rm(filler);
const again = await startEmbeddedPostgres({ dataFolder, port });
console.log(`kept: ${(await readNotes(again.url)).join()}`);
await again.stop();
