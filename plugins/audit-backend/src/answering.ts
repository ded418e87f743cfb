import { isError, ServiceUnavailableError } from '@backstage/errors';
import { Operations } from '@highroad/plugin-platform-common';
import { Implementations } from '@highroad/plugin-platform-node';
import { plainMessage } from './database/plainMessage';

/** Errors that say of themselves what is wrong with the request. */
const TELLING = [
  ...['InputError', 'NotFoundError', 'NotAllowedError', 'AuthenticationError'],
  ...['ServiceUnavailableError', 'ConflictError', 'TooManyRequestsError'],
];

/** Says that the ledger does not answer where its database is why, without the statement that failed. */
export function answering<T extends Operations>(
  implementations: Implementations<T>,
): Implementations<T> {
  const wrapped = Object.entries(implementations).map(
    ([name, implementation]) => [
      name,
      {
        ...implementation,
        handle: async (call: Parameters<typeof implementation.handle>[0]) => {
          try {
            return await implementation.handle(call);
          } catch (error) {
            throw telling(error);
          }
        },
      },
    ],
  );
  return Object.fromEntries(wrapped) as Implementations<T>;
}

function telling(error: unknown): unknown {
  if (isError(error) && TELLING.includes(error.name)) return error;
  return new ServiceUnavailableError(
    `The audit ledger does not answer: ${plainMessage(
      error,
    )}. See docs/runbooks/audit-does-not-answer.md`,
  );
}
