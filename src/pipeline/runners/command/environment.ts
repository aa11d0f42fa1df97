// What a program sees of the worker's environment: what it needs to run, and the variables its stage names. Nothing else.
import type { Secret } from '../conceal.ts';
import type { StageWork } from '../runner.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of the stage that have a value. */
export function givenTo(env: readonly string[], environment: Environment): readonly Secret[] {
  return env.flatMap((name) => {
    const value = environment[name];
    return value === undefined || value === '' ? [] : [{ name, value }];
  });
}

/** The whole environment of the program. Its folder is its home and its place for passing files. */
export function programEnvironment(
  { key }: Pick<StageWork, 'key'>,
  given: readonly Secret[],
  environment: Environment,
  folder: string,
): Record<string, string> {
  return {
    PATH: environment.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: environment.LANG ?? 'C.UTF-8',
    ...Object.fromEntries(given.map(({ name, value }) => [name, value])),
    HOME: folder,
    TMPDIR: folder,
    ONCEPOST_STAGE_KEY: key,
  };
}

/** Whether a variable holds a secret, as far as its name tells: OPENAI_API_KEY does, SITE_LANGUAGE does not. */
export function isSecretName(name: string): boolean {
  return /(?:KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS?)$|(?:^|_)(?:AUTH|PAT|PASS)$/.test(name);
}
