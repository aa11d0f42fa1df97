// Which workers get the publishes of a queue, in the words that a worker of another version says at its start.
import { describe, expect, it } from 'vitest';
import { versionOf, versionWord } from '../../src/boot/worker-version.ts';
import { readEnv } from '../../src/runtime/env.ts';

const OLD = { deploymentName: 'oncepost', buildId: '0.1.0' };
const NEW = { deploymentName: 'oncepost', buildId: '0.2.0' };
const COMMAND = '"temporal worker deployment set-current-version --deployment-name oncepost --build-id 0.2.0"';

describe('a worker says of the publishes of its queue', () => {
  it('nothing where they go to its own version', () => {
    expect(versionWord(NEW, NEW)).toBe(null);
    expect(versionWord(null, null)).toBe(null);
  });

  it('that none reaches it while no version is current, and what makes its own current', () => {
    expect(versionWord(NEW, null)).toEqual({
      level: 'warn',
      text: `no version is current, so publishes go to workers without a version and none reaches this worker, of build "0.2.0" of deployment "oncepost"; make its version current with ${COMMAND}`,
    });
  });

  it('where they go while another build is current, and how they are moved', () => {
    expect(versionWord(NEW, OLD)).toEqual({
      level: 'info',
      text: `publishes go to build "0.1.0" of deployment "oncepost"; to move them to this worker's build "0.2.0" of deployment "oncepost", use ${COMMAND}`,
    });
  });

  it('that none reaches a worker without a version once there is a current one', () => {
    expect(versionWord(null, OLD)).toEqual({
      level: 'warn',
      text: 'publishes go to build "0.1.0" of deployment "oncepost" and none reaches this worker, which has no version; start it with ONCEPOST_DEPLOYMENT and ONCEPOST_BUILD_ID',
    });
  });
});

describe('a worker has', () => {
  it('no version where the environment names none', () => {
    expect(versionOf(readEnv({}))).toBe(null);
    expect(versionOf(readEnv({ ONCEPOST_DEPLOYMENT: '', ONCEPOST_BUILD_ID: '' }))).toBe(null);
  });

  it('the version that the environment names', () => {
    expect(versionOf(readEnv({ ONCEPOST_DEPLOYMENT: 'oncepost', ONCEPOST_BUILD_ID: '0.2.0' }))).toEqual(NEW);
  });

  const NO_NAME = 'must be 1 to 100 letters, digits, dots, dashes or underscores, and begin with a letter or digit';
  it.each([
    ['oncepost', '', 'ONCEPOST_DEPLOYMENT', 'needs ONCEPOST_BUILD_ID beside it, or neither'],
    ['', '0.2.0', 'ONCEPOST_BUILD_ID', 'needs ONCEPOST_DEPLOYMENT beside it, or neither'],
    ['a:b', '0.2.0', 'ONCEPOST_DEPLOYMENT', NO_NAME],
    ['oncepost', ' ', 'ONCEPOST_BUILD_ID', NO_NAME],
    ['oncepost', '-x', 'ONCEPOST_BUILD_ID', NO_NAME],
    ['oncepost', 'a'.repeat(101), 'ONCEPOST_BUILD_ID', NO_NAME],
  ])('no half of one, and none of another form: %j %j', (deployment, build, name, problem) => {
    expect(() => readEnv({ ONCEPOST_DEPLOYMENT: deployment, ONCEPOST_BUILD_ID: build })).toThrow(
      `The environment variable ${name} cannot be used: ${problem}; nothing was started; correct it and start again.`,
    );
  });
});
