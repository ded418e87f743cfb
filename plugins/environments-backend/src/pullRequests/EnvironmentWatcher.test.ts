import { mockServices } from '@backstage/backend-test-utils';
import { environmentManifestSchema } from '@highroad/plugin-environments-common';
import { EnvironmentsInMemory } from './__testUtils__/EnvironmentsInMemory';
import { EnvironmentWatcher } from './EnvironmentWatcher';
import { PullRequestRef } from './PullRequestRef';

const HOST = 'git.example.com';

describe('whoever watches environments of pull requests', () => {
  let environments: EnvironmentsInMemory;
  let wanted: Array<[PullRequestRef, number]>;
  let stop: () => void;

  const apply = (name: string, host = HOST) =>
    environments.apply(
      environmentManifestSchema.parse({
        apiVersion: 'platform.myorg.com/v1',
        kind: 'Environment',
        metadata: { name },
        spec: {
          type: 'preview',
          services: [{ name: 'cart', image: 'cart:1' }],
          pullRequest: {
            ...{ host, repository: 'acme/cart', number: 12 },
            ...{ branch: 'x', commit: 'a'.repeat(40) },
          },
        },
      }),
      {},
    );
  const ref = { host: HOST, owner: 'acme', name: 'cart', number: 12 };

  beforeEach(() => {
    environments = new EnvironmentsInMemory(() => new Date(0));
    wanted = [];
    stop = new EnvironmentWatcher({
      ...{ environments, hosts: [HOST], random: () => 0.5 },
      logger: mockServices.logger.mock(),
      want: async (one, inMs) => {
        wanted.push([one, inMs]);
      },
    }).start();
  });
  afterEach(() => stop());

  it('has the pull request looked at by and by when it is first seen, and at once when something matters', async () => {
    await apply('pr-12');
    environments.say('pr-12', { phase: 'provisioning' });
    environments.say('pr-12', { phase: 'ready' });
    expect(wanted).toEqual([
      [ref, 15_000],
      [ref, 1_000],
      [ref, 0],
    ]);
  });

  it('calls for no look where nothing changed that is told there', async () => {
    await apply('pr-12');
    environments.say('pr-12', { phase: 'ready' });
    const before = wanted.length;
    environments.say('pr-12', { phase: 'ready' });
    expect(wanted).toHaveLength(before);
  });

  it('has it looked at when the environment is gone', async () => {
    await apply('pr-12');
    environments.vanish('pr-12');
    expect(wanted.at(-1)).toEqual([ref, 0]);
  });

  it('leaves alone what is of no pull request here, and nothing comes after its end', async () => {
    await apply('other', 'git.elsewhere.com');
    stop();
    await apply('pr-12');
    expect(wanted).toEqual([]);
  });
});
