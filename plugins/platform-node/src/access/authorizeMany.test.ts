import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import { authorizeMany } from './authorizeMany';

const permission = createPermission({
  name: 'platform.car.drive',
  attributes: { action: 'update' },
  resourceType: 'catalog-entity',
});

describe('asking about many resources', () => {
  it.each([0, 1, 50, 51, 1_234])(
    'answers %s questions in their order, in requests that are small enough',
    async count => {
      const sizes: number[] = [];
      const permissions = mockServices.permissions.mock({
        authorize: async some => {
          sizes.push(JSON.stringify(some).length);
          return some.map(({ resourceRef }) => ({
            result:
              Number(resourceRef) % 3 === 0
                ? AuthorizeResult.ALLOW
                : AuthorizeResult.DENY,
          }));
        },
      });
      const answers = await authorizeMany(
        permissions,
        Array.from({ length: count }, (_, at) => ({
          permission,
          resourceRef: `${at}`,
        })),
        { credentials: mockCredentials.user() },
      );
      expect(
        answers.map(({ result }) => result === AuthorizeResult.ALLOW),
      ).toEqual(Array.from({ length: count }, (_, at) => at % 3 === 0));
      expect(Math.max(0, ...sizes)).toBeLessThan(25_000);
    },
  );
});
