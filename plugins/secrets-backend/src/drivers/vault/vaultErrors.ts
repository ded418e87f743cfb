import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';

/** Why Vault does not do something, each with a page of its own among the runbooks. */
export type VaultProblem = 'sealed' | 'unreachable' | 'refused';

const RUNBOOKS: Record<VaultProblem, string> = {
  sealed: 'vault-sealed',
  unreachable: 'vault-does-not-answer',
  refused: 'vault-permission-denied',
};

/** Vault does not do it now. Says why and what to do, and nothing of what was sent. */
export class VaultError extends ServiceUnavailableError {
  readonly problem: VaultProblem;
  readonly runbook: string;

  constructor(problem: VaultProblem, message: string) {
    super(`${message} See docs/runbooks/${RUNBOOKS[problem]}.md.`);
    this.name = 'ServiceUnavailableError';
    this.problem = problem;
    this.runbook = RUNBOOKS[problem];
  }
}

/** An answer of Vault that is no success. */
export interface VaultAnswer {
  status: number;
  /** Vault's own words */
  words: string;
  body: unknown;
}

const answerSchema = z.object({
  response: z.object({ statusCode: z.number(), body: z.unknown() }),
});
const wordsSchema = z.object({ errors: z.array(z.string()).min(1) });

/** @returns nothing for what is no answer of Vault, such as a connection that was refused */
export function answerIn(error: unknown): VaultAnswer | undefined {
  const parsed = answerSchema.safeParse(error);
  if (!parsed.success) return undefined;
  const { statusCode, body } = parsed.data.response;
  const words = wordsSchema.safeParse(body);
  return {
    status: statusCode,
    words: words.success
      ? words.data.errors.join('; ').replace(/\s+/g, ' ').trim().slice(0, 300)
      : `status ${statusCode}`,
    body,
  };
}

/**
 * In our words what went wrong. The error that came holds the request, with token and value, so nothing of it goes on but
 * its code.
 *
 * @param what - what was to be done, such as `read staging/cart/KEY`
 */
export function explain(error: unknown, what: string, url: string): Error {
  const answer = answerIn(error);
  if (!answer) {
    return new VaultError(
      'unreachable',
      `Vault at ${url} does not answer (${codeOf(
        error,
      )}), so it could not ${what}.`,
    );
  }
  const { status, words } = answer;
  if (status === 503 && /sealed/i.test(words)) {
    return new VaultError(
      'sealed',
      `Vault at ${url} is sealed, so it could not ${what}. Unseal it.`,
    );
  }
  if ([429, 472, 473].includes(status)) {
    return new VaultError(
      'unreachable',
      `Vault at ${url} is a standby that answers no requests, so it could not ${what}. Put the address of the active node into platform.vault.url.`,
    );
  }
  if (
    status === 403 ||
    (status === 400 && /invalid (role|secret)/.test(words))
  ) {
    return new VaultError(
      'refused',
      `Vault refused the platform to ${what}: ${words}. Compare its policies with platform.vault.auth.`,
    );
  }
  return new VaultError(
    'unreachable',
    `Vault could not ${what}: ${status} ${words}.`,
  );
}

function codeOf(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error
      ? error.code
      : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)
    ? code
    : 'no connection';
}
