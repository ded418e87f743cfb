import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { runAction } from '../__testUtils__/runAction';
import { createPublishLocalAction } from './publishLocal';

const id = { owner: 'payments-team', name: 'cart' };

describe('platform:publish:local', () => {
  const mock = createMockDirectory();
  const repositories = () => new LocalRepositories(mock.resolve('repos'));

  const publish = (
    task = 'task-1',
    input: { owner?: string; sourcePath?: string } = {},
  ) =>
    runAction(
      createPublishLocalAction({
        repositories: repositories(),
        config: mockServices.rootConfig(),
      }),
      { ...id, sourcePath: './service', ...input },
      { workspacePath: mock.resolve('workspace'), task: { id: task } },
    );

  beforeEach(() =>
    mock.setContent({
      repos: {},
      workspace: { service: { 'a.txt': 'a' }, other: { secret: 's' } },
    }),
  );

  it('publishes only the folder it was told to', async () => {
    await publish();
    expect(await repositories().tree(id, 'main', '')).toEqual([
      { path: 'a.txt', type: 'file', size: 1 },
    ]);
  });

  it('goes on when it was killed after publishing and runs again', async () => {
    await publish();
    const [first] = await repositories().commits(id, 'main');
    await expect(publish()).resolves.toEqual({ commit: first.id });
    const commits = await repositories().commits(id, 'main');
    expect(commits).toEqual([first]);
  });

  it('does not take the repository of another creation for its own', async () => {
    await publish('task-1');
    await expect(publish('task-2')).rejects.toMatchObject({
      name: 'ConflictError',
    });
  });

  it.each(['../other', '/etc'])(
    'does not publish %s, outside the workspace',
    async sourcePath => {
      await expect(publish('t', { sourcePath })).rejects.toThrow(
        /outside its parent/,
      );
    },
  );

  it('refuses names that would leave the folder of repositories', async () => {
    await expect(publish('t', { owner: '../..' })).rejects.toMatchObject({
      name: 'InputError',
    });
  });
});
