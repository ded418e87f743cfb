import { environmentManifestSchema } from '@highroad/plugin-environments-common';
import {
  EnvironmentsInMemory,
  SETTINGS,
} from '../pullRequests/__testUtils__/EnvironmentsInMemory';
import { EnvironmentService } from './EnvironmentService';

const now = () => new Date(0);
const manifest = (name: string, pullRequest?: object) =>
  environmentManifestSchema.parse({
    apiVersion: 'platform.myorg.com/v1',
    kind: 'Environment',
    metadata: { name },
    spec: {
      ...{ type: 'preview', pullRequest },
      services: [{ name: 'api', image: 'myorg/api:1' }],
    },
  });
const of = (repository: string, number: number) => ({
  ...{ host: 'git.test', repository, number, branch: 'x', fork: false },
  commit: 'a'.repeat(40),
});

it('lists those of the pull requests of a repository, by any address in it', async () => {
  const resources = new EnvironmentsInMemory(now);
  const service = new EnvironmentService({
    ...{ resources, settings: SETTINGS, now, drivers: [] },
  });
  for (const one of [
    manifest('by-hand'),
    manifest('cart-7', of('Acme/cart', 7)),
    manifest('cart-two-8', of('acme/cart-two', 8)),
  ]) {
    await resources.apply(one, {});
  }
  const names = async (filter: Parameters<typeof service.list>[0]) =>
    (await service.list(filter)).map(({ name }) => name);
  expect(await names({})).toHaveLength(3);
  expect(
    await names({
      repository: ['url:https://git.test/acme/cart/blob/main/info.yaml'],
    }),
  ).toEqual(['cart-7']);
  expect(
    await names({
      repository: ['https://git.test/acme/cart', 'https://git.test/acme/none'],
      service: 'other',
    }),
  ).toEqual([]);
});
