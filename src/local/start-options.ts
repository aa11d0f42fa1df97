// What the start of everything is told; all of it comes from the environment, the settings and the command line.
import type { SearchAttributeType } from '../runtime/settings/settings.ts';

/** The port of each program, all on loopback except `server`, which listens on `host`. */
export interface StartPorts {
  readonly server: number;
  readonly sandbox: number;
  readonly postgres: number;
  readonly temporal: number;
  readonly temporalUi: number;
}

/** Arguments to this Node for each of our own programs. `oneShot` ones end by themselves; the others stay. */
export interface StartCommands {
  readonly migrate: readonly string[];
  readonly practice: readonly string[];
  readonly practiceRuns: readonly string[];
  /** Prints a link by which the person of this machine signs in. */
  readonly signIn: readonly string[];
  readonly longRunning: Readonly<Record<string, readonly string[]>>;
}

/**
 * `databaseUrl` and `temporalAddress`: servers of the user's own, in place of the local ones. `secretKey`: 32 bytes in base64,
 * else one is made in the data folder. `endsWithParent`: a parent that is gone means
 * stop. `environment` is what our programs get besides. `print` takes lines for a person.
 */
export interface StartOptions {
  readonly dataFolder: string;
  readonly host: string;
  /** Whether links sign the person of this machine in: not where others reach it, nor where a provider does. */
  readonly signsInByLink: boolean;
  readonly ports: StartPorts;
  readonly namespace: string;
  readonly retentionMs: number;
  readonly searchAttributes: Readonly<Record<string, SearchAttributeType>>;
  readonly databaseUrl?: string | undefined;
  readonly temporalAddress?: string | undefined;
  readonly temporalProgram?: string | undefined;
  readonly cacheHome?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly endsWithParent?: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly commands?: StartCommands | undefined;
  readonly print?: ((line: string) => void) | undefined;
}
