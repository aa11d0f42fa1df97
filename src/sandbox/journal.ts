// The sandbox's durable record: one append-only file of JSON lines, replayed at start.
// A line is on its way to the disk before the answer it belongs to is sent, so a kill -9 loses no committed post.
import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const lineSchema = z.object({ room: z.string(), value: z.unknown() });

/** The journal holds a whole line that cannot be read: the record can no longer judge anything, so the start stops. */
export class JournalDamaged extends Error {
  override readonly name = 'JournalDamaged';
}

/** The folder of the record cannot be used: nothing was started. */
export class JournalUnavailable extends Error {
  override readonly name = 'JournalUnavailable';
}

/** One kind of record. `apply` must be idempotent per key: the last value of a key wins, at replay and while running. */
export type RoomOptions<T> = {
  name: string;
  schema: z.ZodType<T>;
  apply(value: T): void;
  clear(): void;
};

/** Where a store writes its records: `put` adds a line to the buffer and applies it. */
export type Room<T> = { put(value: T): void };

/** The open journal. `flush` hands every buffered line to the operating system (and the disk, when fsync is on). */
export type Journal = {
  room<T>(options: RoomOptions<T>): Room<T>;
  flush(): void;
  /** Forgets everything, on disk and in every room. */
  reset(): void;
  close(): void;
};

/** Opens (or begins) the journal in a folder. Throws {@link JournalUnavailable} or {@link JournalDamaged}; a torn last line is cut off instead. */
export function openJournal(dataFolder: string, options: { fsync: boolean }): Journal {
  const file = join(dataFolder, 'journal.jsonl');
  const descriptor = openFile(dataFolder, file);
  const replay = readLines(file, descriptor);
  const clears: (() => void)[] = [];
  let buffered: string[] = [];
  let isOpen = true;

  const flush = () => {
    // Work that outlives the sandbox has nowhere to write: the file number may belong to someone else by then.
    if (buffered.length === 0 || !isOpen) return;
    writeAll(descriptor, Buffer.from(buffered.join('')));
    buffered = [];
    if (options.fsync) fsyncSync(descriptor);
  };
  return {
    room: ({ name, schema, apply, clear }) => {
      for (const value of replay.get(name) ?? []) apply(readValue(file, name, schema, value));
      replay.delete(name);
      clears.push(clear);
      return {
        put: (value) => {
          buffered.push(`${JSON.stringify({ room: name, value })}\n`);
          apply(value);
        },
      };
    },
    flush,
    reset: () => {
      buffered = [];
      ftruncateSync(descriptor);
      for (const clear of clears) clear();
    },
    close: () => {
      flush();
      isOpen = false;
      closeSync(descriptor);
    },
  };
}

function openFile(dataFolder: string, file: string): number {
  try {
    mkdirSync(dataFolder, { recursive: true });
    return openSync(file, 'a+');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new JournalUnavailable(
      `The sandbox cannot keep its record in ${dataFolder}: ${reason}. Nothing was started; choose a folder it may write to.`,
    );
  }
}

/** Groups the stored values by room, and cuts off what a killed writer left after the last line break. */
function readLines(file: string, descriptor: number): Map<string, unknown[]> {
  const bytes = readFileSync(file);
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  if (wholeBytes < bytes.length) ftruncateSync(descriptor, wholeBytes);
  const rooms = new Map<string, unknown[]>();
  const lines = bytes.toString('utf8', 0, wholeBytes).split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const { room, value } = readLine(file, index + 1, line);
    const values = rooms.get(room);
    if (values) values.push(value);
    else rooms.set(room, [value]);
  }
  return rooms;
}

function readLine(file: string, lineNumber: number, line: string): z.infer<typeof lineSchema> {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    throw new JournalDamaged(
      `The sandbox's record ${file} is damaged at line ${lineNumber}. Nothing was changed; move the file away to begin a new record.`,
    );
  }
}

function readValue<T>(file: string, room: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new JournalDamaged(
    `The sandbox's record ${file} holds a "${room}" entry this version cannot read. Nothing was changed; move the file away to begin a new record.`,
  );
}

/** A write that fails halfway (a full disk) is taken back, so that no whole line ever follows half a one. */
function writeAll(descriptor: number, bytes: Buffer): void {
  let writtenBytes = 0;
  try {
    while (writtenBytes < bytes.length) writtenBytes += writeSync(descriptor, bytes, writtenBytes);
  } catch (error) {
    ftruncateSync(descriptor, fstatSync(descriptor).size - writtenBytes);
    throw error;
  }
}
