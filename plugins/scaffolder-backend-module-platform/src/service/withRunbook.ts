import { isError } from '@backstage/errors';

/** Pages under docs/runbooks of the platform's documentation. */
export type Runbook =
  | 'create-name-taken'
  | 'create-git-host-refuses'
  | 'create-git-host-does-not-answer'
  | 'create-files-not-written'
  | 'create-repository-failed'
  | 'create-service-does-not-appear';

/** Where a runbook is in the portal. */
export function runbookPath(page: Runbook): string {
  return `/docs/default/component/highroad/runbooks/${page}/`;
}

/**
 * Runs a step, and lets its error end with the page that helps.
 *
 * @param page - the page for an error, by its name
 */
export async function withRunbook<T>(
  page: (errorName: string) => Runbook,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (isError(error) && !error.message.includes('/runbooks/')) {
      error.message = `${error.message} What to do: ${runbookPath(
        page(error.name),
      )}`;
    }
    throw error;
  }
}

/** Why a name could not be claimed, by the class of the error. */
export function claimRunbook(errorName: string): Runbook {
  switch (errorName) {
    case 'NotAllowedError':
      return 'create-git-host-refuses';
    case 'ServiceUnavailableError':
      return 'create-git-host-does-not-answer';
    default:
      return 'create-name-taken';
  }
}
