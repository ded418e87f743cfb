import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import { withoutValues } from '../../withoutValues';
import { VaultRole } from './VaultSettings';

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

/** Vault has no engine where the configuration says that it is, or one of another kind. */
export class NoEngineError extends VaultError {
  readonly fix: string;

  /**
   * @param mount - as the configuration says
   * @param found - what is there, such as `kv of version 1`; nothing, if left out
   */
  constructor(url: string, mount: string, found?: string) {
    super(
      'refused',
      `Vault at ${url} has ${
        found ?? 'nothing'
      } at "${mount}", where platform.vault.mount says that a KV engine of version 2 is.`,
    );
    this.fix = `Enable one: vault secrets enable -path=${mount} kv-v2. Or write into platform.vault.mount where it is.`;
  }
}

/** An answer of Vault that is no success. */
export interface VaultAnswer {
  status: number;
  /** Vault's own words, as they may be quoted */
  words: string;
  /** All of them, to tell what is wrong by; never to be quoted */
  whole: string;
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
  const said = wordsSchema.safeParse(body);
  const whole = said.success
    ? said.data.errors.join('; ').replace(/\s+/g, ' ').trim()
    : `status ${statusCode}`;
  return {
    status: statusCode,
    words: withoutValues(whole).slice(0, 300),
    ...{ whole, body },
  };
}

/** What nodes say while none of them is active, or this one is no longer. */
const LEADERLESS =
  /active cluster node not found|no active Vault instance found|node is not active|Vault is in standby mode|node is not the leader|leadership transfer in progress/i;

export function isLeaderless({ status, whole }: VaultAnswer): boolean {
  return status >= 500 && LEADERLESS.test(whole);
}

/** What was asked of Vault, in which role. */
export interface VaultAttempt {
  /** Goes on from "could not", such as `read staging/cart/KEY` */
  what: string;
  url: string;
  role: VaultRole;
  /** What the role's policy has to allow; none for a sign-in */
  needs?: { method: 'GET' | 'LIST' | 'POST' | 'DELETE'; path: string };
  /** What was sent and is for nobody to see: values, and what the platform signs in by */
  secrets?: string[];
}

/** As policies of Vault name it. */
const CAPABILITIES = {
  GET: 'read',
  LIST: 'list',
  POST: 'create and update',
  DELETE: 'delete',
};
const UNTOLD =
  'in words that may hold what was sent; Vault’s own log says more';
const PERHAPS_DONE =
  'It may have been done all the same: look, then do it again.';
/** Of connections that ended after something had been sent. */
const SENT = ['ECONNABORTED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE'];

/**
 * In our words what went wrong. The error that came holds the request, with token and value, so nothing of it goes on but
 * its code.
 */
export function explain(error: unknown, attempt: VaultAttempt): Error {
  const { what, url, role, needs } = attempt;
  const answer = answerIn(error);
  const changes = needs?.method === 'POST' || needs?.method === 'DELETE';
  if (!answer) {
    const code = codeOf(error);
    return new VaultError(
      'unreachable',
      changes && SENT.includes(code)
        ? `Vault at ${url} did not answer in time (${code}) when it was to ${what}. ${PERHAPS_DONE}`
        : `Vault at ${url} does not answer (${code}), so it could not ${what}.`,
    );
  }
  const { status, whole } = answer;
  const words = mayBeTold(answer.words, attempt.secrets ?? [])
    ? answer.words
    : UNTOLD;
  if (status === 503 && /sealed/i.test(whole)) {
    return new VaultError(
      'sealed',
      `Vault at ${url} is sealed, so it could not ${what}. Unseal it.`,
    );
  }
  if (isLeaderless(answer)) {
    return new VaultError(
      'unreachable',
      `Of Vault at ${url} no node is active, so it could not ${what}.`,
    );
  }
  if (status === 429) {
    return new VaultError(
      'unreachable',
      `Vault at ${url} answers no more requests for now (${words}), so it could not ${what}. Have its quota, or that of what stands before it, be as large as the platform needs.`,
    );
  }
  if ([472, 473].includes(status)) {
    return new VaultError(
      'unreachable',
      `Vault at ${url} is a standby that answers no requests, so it could not ${what}. Put the address of the active node into platform.vault.url.`,
    );
  }
  if (
    status === 403 ||
    (status === 400 && /invalid (role|secret)/.test(whole))
  ) {
    return new VaultError(
      'refused',
      `Vault refused the platform to ${what}: ${words}. ${
        needs
          ? `The policy of the role platform.vault.auth.${role} needs ${
              CAPABILITIES[needs.method]
            } on ${needs.path}.`
          : `Look at platform.vault.auth.${role}.`
      }`,
    );
  }
  return new VaultError(
    'unreachable',
    `Vault could not ${what}: ${status} ${words}.${
      changes && status >= 500 ? ` ${PERHAPS_DONE}` : ''
    }`,
  );
}

/** So much of a secret in the words of others is no chance. */
const TELLING = 8;

/** Whether words hold nothing of some secrets, in whatever form a request is repeated. */
function mayBeTold(words: string, secrets: string[]): boolean {
  // Of a short one it cannot be told.
  if (secrets.some(one => one.length < TELLING)) return false;
  const forms = secrets.flatMap(one => [
    ...[one, JSON.stringify(one)],
    // Half of a character is none for what encodes addresses.
    encodeURIComponent(Buffer.from(one).toString()),
    Buffer.from(one).toString('base64'),
  ]);
  for (let at = 0; at + TELLING <= words.length; at++) {
    const part = words.slice(at, at + TELLING);
    if (forms.some(form => form.includes(part))) return false;
  }
  return true;
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
