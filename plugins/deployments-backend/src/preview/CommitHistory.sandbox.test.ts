import { mockServices } from '@backstage/backend-test-utils';
import { describeWithSandbox, TestGitHost } from '@highroad/sandbox/testing';
import { z } from 'zod';
import { RepositoryLocator } from '@highroad/plugin-platform-node/git';
import { CommitHistory } from './CommitHistory';

const committed = z.object({ commit: z.object({ sha: z.string() }) });

describeWithSandbox(
  'the commits between two versions at a real Git host',
  ['git-host'],
  sandbox => {
    let host: TestGitHost;

    beforeAll(async () => {
      host = await sandbox.gitHost();
    });

    const push = async (repository: string, message: string) =>
      committed.parse(
        await host.request(
          'POST',
          `repos/${host.organization}/${repository}/contents`,
          {
            branch: 'main',
            message,
            files: [
              {
                operation: 'create',
                path: `${message.replace(/\W/g, '-')}.txt`,
                content: Buffer.from(message).toString('base64'),
              },
            ],
          },
        ),
      ).commit.sha;

    it('are listed with subjects and pages, without a file being fetched', async () => {
      const name = `history-${Date.now().toString(36)}`;
      await host.request('POST', `orgs/${host.organization}/repos`, {
        ...{ name, private: true, auto_init: true, default_branch: 'main' },
      });
      const from = await push(name, 'Begin');
      await push(name, 'Fix the checkout');
      const to = await push(name, 'Add prices');
      const history = new CommitHistory({
        locator: RepositoryLocator.fromConfig(
          mockServices.rootConfig({
            data: {
              integrations: {
                gitea: [
                  {
                    host: new URL(host.address).host,
                    baseUrl: host.address,
                    username: host.username,
                    password: host.password,
                  },
                ],
              },
            },
          }),
        ),
      });
      const repository = `${host.address}/${host.organization}/${name}`;
      const { signal } = new AbortController();
      expect(
        await history.between({ repository, from, to, signal }),
      ).toMatchObject({
        known: true,
        added: [
          {
            commit: to,
            subject: 'Add prices',
            url: `${repository}/commit/${to}`,
          },
          { subject: 'Fix the checkout' },
        ],
        removed: [],
      });
      expect(
        await history.between({
          ...{ repository, from, signal },
          to: 'c'.repeat(40),
        }),
      ).toMatchObject({ known: false });
    });
  },
);
