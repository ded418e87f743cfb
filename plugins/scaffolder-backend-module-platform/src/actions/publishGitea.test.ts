import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { creationMark } from '../git-hosts/creationMark';
import { createPublishGiteaAction } from './publishGitea';

describeWithSandbox('platform:publish:gitea', ['git-host'], sandbox => {
  let workspacePath: string;
  beforeEach(async () => {
    workspacePath = await mkdtemp(join(tmpdir(), 'highroad-publish-'));
    await writeFile(join(workspacePath, 'README.md'), '# invoices\n');
  });
  afterEach(() => rm(workspacePath, { recursive: true, force: true }));

  function publish(repoUrl: string, more: object = {}, description = '') {
    const { host, address, username, password } = sandbox.connection.gitea;
    const config = new ConfigReader({
      integrations: {
        gitea: [{ host, baseUrl: address, username, password, ...more }],
      },
    });
    const action = createPublishGiteaAction({
      integrations: ScmIntegrations.fromConfig(config),
      config,
    });
    const context = createMockActionContext({
      input: {
        repoUrl,
        description,
        visibility: 'private' as const,
        defaultBranch: 'main',
      },
      workspacePath,
      logger: mockServices.logger.mock(),
    });
    return action.handler(context).then(() => context);
  }

  it('creates a private repository with the files, without waiting for its web page', async () => {
    const { organization, request } = await sandbox.gitHost();
    const { host } = sandbox.connection.gitea;
    const began = Date.now();
    const context = await publish(
      `${host}?owner=${organization}&repo=invoices`,
    );
    // The standard action waits for 20 seconds here.
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(
      await request('GET', `repos/${organization}/invoices`),
    ).toMatchObject({ private: true, empty: false, default_branch: 'main' });
    expect(
      await request('GET', `repos/${organization}/invoices/contents/README.md`),
    ).toMatchObject({ name: 'README.md' });
    expect(context.output).toHaveBeenCalledWith(
      'commit',
      expect.stringMatching(/^[0-9a-f]{40}$/),
    );
  });

  it('says that the name is taken, and leaves what is there', async () => {
    const { organization, request } = await sandbox.gitHost();
    const { host } = sandbox.connection.gitea;
    await request('POST', `orgs/${organization}/repos`, { name: 'invoices' });
    await expect(
      publish(`${host}?owner=${organization}&repo=invoices`),
    ).rejects.toThrow(/has a repository .*invoices already/);
    expect(
      await request('GET', `repos/${organization}/invoices`),
    ).toMatchObject({ empty: true });
  });

  it('goes on with what it made itself before it was interrupted, empty or filled', async () => {
    const { organization, request } = await sandbox.gitHost();
    const { host } = sandbox.connection.gitea;
    const description = creationMark('mock-task-id');
    await request('POST', `orgs/${organization}/repos`, {
      ...{ name: 'invoices', description, default_branch: 'main' },
    });
    const again = () =>
      publish(`${host}?owner=${organization}&repo=invoices`, {}, description);
    const first = await again();
    const second = await again();
    const [[, commit]] = jest.mocked(first.output).mock.calls;
    expect(commit).toEqual(expect.stringMatching(/^[0-9a-f]{40}$/));
    expect(second.output).toHaveBeenCalledWith('commit', commit);
  });

  it('says that there is no such organisation', async () => {
    const { host } = sandbox.connection.gitea;
    await expect(
      publish(`${host}?owner=nobody-at-all&repo=invoices`),
    ).rejects.toThrow(/no organisation "nobody-at-all"/);
  });

  it('says that the host does not answer', async () => {
    const { host } = sandbox.connection.gitea;
    await expect(
      publish(`${host}?owner=a&repo=b`, { baseUrl: 'http://127.0.0.1:9' }),
    ).rejects.toThrow(/does not answer/);
  });
});
