// `oncepost people`: the first admin of a workspace is invited here, and the last one stays.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { person } from '../pages/visitor.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const people = (...args: string[]) => oncepost(['people', ...args], stage.env);

describe('the people of a workspace', () => {
  it('begin with an invited admin, who is listed until they come', async () => {
    const invited = await people('invite', '--workspace', 'acme', '--email', 'Ada@Example.com', '--role', 'admin');
    expect(invited).toMatchObject({ code: 0, stderr: '' });
    expect(invited.stdout).toMatch(
      /^Invited ada@example\.com as admin until \S+Z; they sign in at http:\/\/127\.0\.0\.1:7800\/sign-in\n$/,
    );
    const { stdout } = await people('list', '--workspace', 'acme', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      people: [],
      invitations: [{ email: 'ada@example.com', role: 'admin', invitedBy: 'the command line' }],
    });
  });

  it('get other roles and are removed, but for the last admin', async () => {
    const admin = await person(stage, { role: 'admin', name: 'Ada' });
    const viewer = await person(stage, { role: 'viewer', name: 'Grace' });
    const of = (email: string) => ['--workspace', WORKSPACE, '--email', email];
    expect(await people('remove', ...of(admin.email))).toMatchObject({
      code: 1,
      stderr: `Nobody would be left in "${WORKSPACE}" who may change people, so nothing was changed; make somebody else an admin first.\n`,
    });
    expect(await people('role', ...of(viewer.email), '--role', 'admin')).toMatchObject({
      code: 0,
      stdout: 'Grace is admin now.\n',
    });
    expect(await people('remove', ...of(admin.email))).toMatchObject({
      code: 0,
      stdout: 'Ada is removed and signed out.\n',
    });
    expect((await people('list', '--workspace', WORKSPACE)).stdout).toBe(`admin     ${viewer.email}  Grace\n`);
  });

  it('are nobody who has no place there', async () => {
    const ended = await people('remove', '--workspace', WORKSPACE, '--email', 'nobody@example.com');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(
      `Nobody with the address nobody@example.com belongs to the workspace "${WORKSPACE}", so nothing was changed`,
    );
  });
});

it('a sign-in link is not made where people sign in with a provider', async () => {
  const env = {
    ...stage.env,
    ONCEPOST_OIDC_ISSUER: 'https://id.example',
    ONCEPOST_OIDC_CLIENT_ID: 'oncepost',
    ONCEPOST_OIDC_CLIENT_SECRET: 'secret',
    ONCEPOST_PUBLIC_URL: 'https://posts.example',
  };
  expect(await oncepost(['sign-in', '--workspace', WORKSPACE], env)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'People sign in with id.example here, so no link was made; "oncepost people invite" lets somebody in.\n',
  });
});
