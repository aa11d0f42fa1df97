// What our programs write: every line goes to the log file; errors among them are also told at the terminal, once a minute each.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { LogFile } from '../runtime/log-file.ts';

const errorLevel = 50; // pino's number for `error`
const repeatMs = 60_000;
const keptLines = 40;
const mostTold = 500;
const logLineSchema = z.object({ level: z.number(), msg: z.string() });

/** What a started program has of its two output streams. */
interface Streams {
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}

/** The plain (not JSON) lines a program wrote to stderr last: what it said before it ended. */
export interface Said {
  lines(): readonly string[];
}

/** Copies both streams into the log, tells errors through `print`, and closes the log when both have ended. */
export function followOutput(streams: Streams, log: LogFile, print: (line: string) => void): Said {
  const told = new Map<string, AbortSignal>();
  const said: string[] = [];
  const tell = (line: string, isStderr: boolean) => {
    const entry = logLineSchema.safeParse(parseJson(line));
    if (!entry.success) {
      if (isStderr && isWord(line)) said.push(line.trim());
      if (said.length > keptLines) said.shift();
    } else if (entry.data.level >= errorLevel && told.get(entry.data.msg)?.aborted !== false) {
      if (told.size > mostTold) told.clear();
      told.set(entry.data.msg, AbortSignal.timeout(repeatMs));
      print(entry.data.msg);
    }
  };
  const open = [streams.stdout, streams.stderr].filter((stream) => stream !== null);
  let left = open.length;
  for (const stream of open) {
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => {
      keep(log, line);
      tell(line, stream === streams.stderr);
    });
    lines.on('close', () => {
      left -= 1;
      if (left === 0) log.close();
    });
  }
  return { lines: () => said };
}

function keep(log: LogFile, line: string): void {
  try {
    writeSync(log.fd, `${line}\n`);
  } catch {
    // A full disk costs us the log, not the programs.
  }
}

/** Node's own warnings are not what a program said. */
function isWord(line: string): boolean {
  return line.trim() !== '' && !/^\((node:\d+\)|Use `node )/.test(line);
}

function parseJson(line: string): unknown {
  try {
    return line.startsWith('{') ? JSON.parse(line) : undefined;
  } catch {
    return undefined;
  }
}
