// docker-compose.yml, checked without Docker: right by the specification, complete for our processes, safe by default.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';
import {
  type ComposeService,
  composeFileSchema,
  composeSpecification,
  parseCompose,
  root,
  textOf,
} from './compose-file.ts';

const text = textOf('docker-compose.yml');
const raw = parseCompose(text);
const { services, volumes } = composeFileSchema.parse(raw);
const names = Object.keys(services);

function service(name: string): ComposeService {
  const found = services[name];
  if (!found) throw new TypeError(`docker-compose.yml has no service ${name}`);
  return found;
}

/** The required variables: name and the sentence that is printed when it is missing. */
const required = [...text.matchAll(/\$\{([A-Z_]+):\?([^}]*)\}/g)].map(([, name = '', sentence = '']) => ({
  name,
  sentence,
}));

describe('docker-compose.yml by the Compose specification', () => {
  const specification = composeSpecification();

  test('is valid', () => {
    expect(specification.safeParse(raw).error?.issues ?? []).toEqual([]);
  });

  test.each([
    ['a misspelt key', '    restart:', '    restrat:'],
    ['a condition there is not', 'service_healthy', 'service_heathy'],
    ['a wrong type', 'shm_size: 256m', 'shm_size: [256m]'],
    ['a misspelt health check', 'start_period:', 'start_perod:'],
    ['a number of replicas in words', 'replicas: 2', 'replicas: {two: 2}'],
    ['a service that is no service', 'services:', 'services:\n  extra: 5'],
  ])('would not be with %s', (_what, right, wrong) => {
    expect(text).toContain(right);
    expect(specification.safeParse(parseCompose(text.replace(right, wrong))).success).toBe(false);
  });
});

describe('the services', () => {
  test('are these images, none of them retired, each at a version', () => {
    expect(Object.fromEntries(names.map((name) => [name, service(name).image]))).toEqual({
      postgres: 'postgres:18',
      'temporal-schema': 'temporalio/admin-tools:1.32.0',
      temporal: 'temporalio/server:1.32.0',
      'temporal-namespace': 'temporalio/admin-tools:1.32.0',
      'temporal-ui': 'temporalio/ui:2.54.1',
      migrate: 'oncepost',
      server: 'oncepost',
      worker: 'oncepost',
    });
    expect(text).not.toMatch(/auto-setup|:latest|^version:|^ *links:/m);
  });

  test('start in this order', () => {
    const after = Object.fromEntries(
      names.map((name) => [
        name,
        Object.entries(service(name).depends_on).map(([on, { condition }]) => `${on} ${condition}`),
      ]),
    );
    const ready = ['migrate service_completed_successfully', 'temporal-namespace service_completed_successfully'];
    expect(after).toEqual({
      postgres: [],
      'temporal-schema': ['postgres service_healthy'],
      temporal: ['postgres service_healthy', 'temporal-schema service_completed_successfully'],
      'temporal-namespace': ['temporal service_healthy'],
      'temporal-ui': ['temporal service_healthy'],
      migrate: ['postgres service_healthy'],
      server: ready,
      worker: ready,
    });
  });

  const conditions = names.flatMap((name) =>
    Object.entries(service(name).depends_on).map(([on, { condition }]) => ({ name, on, condition })),
  );

  test.each(conditions)('$name can wait until $on is $condition', ({ on, condition }) => {
    if (condition === 'service_healthy') expect(service(on).healthcheck?.test[0]).toBe('CMD');
    // What restarts for ever never completes.
    else expect(service(on).restart).toBeUndefined();
  });

  test.each(names.filter((name) => service(name).restart))('%s stays up, so it has a health check', (name) => {
    expect(service(name).restart).toBe('unless-stopped');
    expect(service(name).healthcheck).toBeDefined();
  });

  test('are reached from this machine only', () => {
    expect(Object.fromEntries(names.flatMap((name) => service(name).ports.map((port) => [name, port])))).toEqual({
      temporal: '127.0.0.1:7233:7233',
      'temporal-ui': '127.0.0.1:8080:8080',
      server: '127.0.0.1:7800:7800',
    });
  });

  test('can have any number of workers', () => {
    expect(service('worker')).toMatchObject({ command: ['worker'], deploy: { replicas: 2 }, ports: [] });
    expect(service('worker').container_name).toBeUndefined();
  });

  test('mount only files that are in the repository, and volumes that are declared', () => {
    const mounts = names.flatMap((name) => service(name).volumes.map((volume) => volume.split(':')[0] ?? ''));
    for (const mount of mounts) {
      if (mount.startsWith('./')) expect(existsSync(join(root, mount)), mount).toBe(true);
      else expect(Object.keys(volumes)).toContain(mount);
    }
    for (const [name, script] of [
      ['temporal-schema', 'setup-schema.sh'],
      ['temporal-namespace', 'create-namespace.sh'],
    ] as const) {
      expect(service(name).entrypoint).toEqual(['/bin/sh', `/deploy/${script}`]);
      expect(service(name).volumes).toEqual(['./deploy/temporal:/deploy:ro']);
    }
    expect(service('temporal').environment.DYNAMIC_CONFIG_FILE_PATH).toBe('/deploy/dynamic-config.yaml');
  });

  test.each([
    'deploy/postgres/create-databases.sh',
    'deploy/temporal/setup-schema.sh',
    'deploy/temporal/create-namespace.sh',
    'deploy/temporal/dynamic-config.yaml',
  ])('run %s, which is readable by the shell or server it is for', (path) => {
    if (path.endsWith('.sh')) execFileSync('sh', ['-n', join(root, path)]);
    else
      expect(parseCompose(textOf(path))).toEqual({
        'frontend.enableServerVersionCheck': [{ value: false }],
        'matching.enableFairness': [{ value: true }],
      });
  });
});

describe('our processes', () => {
  test.each([
    ['migrate', ['migrate']],
    ['server', ['server']],
    ['worker', ['worker']],
  ])('%s runs our image with every variable it needs', (name, command) => {
    expect(service(name)).toMatchObject({
      build: '.',
      command,
      entrypoint: [],
      environment: {
        DATABASE_URL: expect.stringMatching(
          /^postgres:\/\/oncepost:\$\{ONCEPOST_DB_PASSWORD:\?.+\}@postgres:5432\/oncepost$/,
        ),
        TEMPORAL_ADDRESS: 'temporal:7233',
        TEMPORAL_NAMESPACE: 'default',
        ONCEPOST_SECRET_KEY: expect.stringMatching(/^\$\{ONCEPOST_SECRET_KEY:\?.+\}$/),
      },
    });
  });

  test('the server and the workers read the temporal.yaml that stands beside the file', () => {
    for (const name of ['server', 'worker']) {
      expect(service(name).volumes, name).toEqual(['./temporal.yaml:/app/temporal.yaml:ro', 'data:/app/data']);
    }
  });

  test('a worker that is stopped has the time it takes to finish its last calls', () => {
    const { sendWindowMs, answerMs } = loadSettings(join(root, 'temporal.yaml')).timeouts;
    const graceSeconds = Number(/^(\d+)s$/.exec(service('worker').stop_grace_period ?? '')?.[1]);
    expect(graceSeconds * 1000).toBeGreaterThan(sendWindowMs + answerMs);
  });

  test('the server listens where its published port leads', () => {
    expect(service('server').environment).toMatchObject({ ONCEPOST_HOST: '0.0.0.0', ONCEPOST_PORT: '7800' });
  });
});

describe('secrets', () => {
  test('come from the environment and are missed with a sentence', () => {
    for (const { name, sentence } of required)
      expect(sentence, name).toMatch(new RegExp(`^Set ${name} in \\.env, .+\\.$`));
    const others = [...text.matchAll(/\$\{([^}:]*):(?!\?)[^}]*\}/g)].map(([, name]) => name);
    expect(others).toEqual([
      'ONCEPOST_LOG_LEVEL',
      'ONCEPOST_PUBLIC_URL',
      'ONCEPOST_MEDIA_S3_BUCKET',
      'ONCEPOST_MEDIA_S3_ENDPOINT',
      'ONCEPOST_MEDIA_S3_REGION',
      'ONCEPOST_MEDIA_S3_ACCESS_KEY_ID',
      'ONCEPOST_MEDIA_S3_SECRET_ACCESS_KEY',
      'ONCEPOST_SMTP_URL',
      'ONCEPOST_TRUSTED_PROXIES',
      'ONCEPOST_TEMPORAL_UI_URL',
      'ONCEPOST_OIDC_ISSUER',
      'ONCEPOST_OIDC_CLIENT_ID',
      'ONCEPOST_OIDC_CLIENT_SECRET',
      'ONCEPOST_DEPLOYMENT',
      'ONCEPOST_BUILD_ID',
    ]);
    expect(text.match(/\$\{/g)).toHaveLength(required.length + others.length);
  });

  test('are the ones deploy/env.example asks for, which holds none itself', () => {
    const lines = textOf('deploy/env.example')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(lines.sort()).toEqual([...new Set(required.map(({ name }) => `${name}=`))].sort());
  });

  test('never stand in the file', () => {
    for (const name of names) {
      for (const [variable, value] of Object.entries(service(name).environment)) {
        if (/PASSWORD|PWD|SECRET|DATABASE_URL/.test(variable)) expect(value, `${name} ${variable}`).toMatch(/:\?|:-\}/);
      }
    }
  });
});

test('the namespace is made as temporal.yaml says', () => {
  const settings = loadSettings(join(root, 'temporal.yaml'));
  const { TEMPORAL_NAMESPACE, NAMESPACE_RETENTION, SEARCH_ATTRIBUTES } = service('temporal-namespace').environment;
  const days = settings.namespace.retentionMs / 86_400_000;
  expect({ TEMPORAL_NAMESPACE, NAMESPACE_RETENTION }).toEqual({
    TEMPORAL_NAMESPACE: settings.namespace.name,
    NAMESPACE_RETENTION: `${days}d`,
  });
  expect(Object.fromEntries((SEARCH_ATTRIBUTES ?? '').split(' ').map((pair) => pair.split('=')))).toEqual(
    settings.searchAttributes,
  );
});

// Where the Compose client is installed it has its say too; it needs no engine for this.
if (spawnSync('docker', ['compose', 'version']).status === 0) {
  const config = (env: Readonly<Record<string, string>>) =>
    spawnSync('docker', ['compose', '--env-file', '/dev/null', 'config', '--quiet'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    });
  const secrets = Object.fromEntries(required.map(({ name }) => [name, 'aSecret1']));

  describe('the Compose client', () => {
    test('takes the file', () => {
      expect(config(secrets)).toMatchObject({ status: 0, stderr: '' });
    });

    test.each(Object.keys(secrets))('asks for %s when it is empty', (name) => {
      const { status, stderr } = config({ ...secrets, [name]: '' });
      expect(status).not.toBe(0);
      expect(stderr).toContain(required.find((variable) => variable.name === name)?.sentence);
    });
  });
}
