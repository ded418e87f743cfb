import { isError, ResponseError } from '@backstage/errors';
import {
  namedRunbook,
  runbookOf,
  withoutNamedRunbook,
} from '@highroad/plugin-platform-common';
import { ExitCode, exitCodes } from './exitCodes';

/** An error in three lines: what happened, why, and what to do. */
export class CliError extends Error {
  readonly why?: string;
  readonly fix?: string;
  /** A page of docs/runbooks */
  readonly runbook?: string;
  readonly exitCode: ExitCode;

  constructor(
    what: string,
    options: {
      why?: string;
      fix?: string;
      runbook?: string;
      exitCode?: ExitCode;
    } = {},
  ) {
    super(what);
    this.name = 'CliError';
    this.why = options.why;
    this.fix = options.fix;
    this.runbook = options.runbook;
    this.exitCode = options.exitCode ?? exitCodes.failed;
  }
}

/** A program that was run for somebody ended as it did; there is nothing to say about that. */
export class ProgramEnded extends Error {
  constructor(readonly code: number) {
    super(`The program ended with code ${code}.`);
    this.name = 'ProgramEnded';
  }
}

/** Codes of Node for a portal that was not reached. Others, such as EACCES, are about files. */
const NETWORK_CODES = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Who asked, and what for. */
interface Caller {
  /** A token of a machine is used, which cannot sign in */
  token: boolean;
  /** The page of docs/runbooks for what is refused there, where the command has one */
  runbook?: string;
}

/**
 * What any error means to a person at a terminal, and to a script that reads the exit code. It names the page that whoever
 * failed names, or else the one for what it is.
 */
export function toCliError(
  error: unknown,
  caller: Caller = { token: false },
): CliError {
  if (error instanceof CliError) return leading(error, caller.runbook);
  if (error instanceof ResponseError) return fromResponse(error, caller);
  if (isError(error)) {
    const code = unreachableCode(error);
    if (code) {
      return new CliError('The portal does not answer.', {
        why: `Connecting failed: ${code}.`,
        fix: 'Start it with "npm start", or name another with PLATFORM_URL.',
        runbook: 'platform-does-not-answer',
        exitCode: exitCodes.unreachable,
      });
    }
    if (error.name === 'ExitPromptError') {
      return new CliError('Interrupted.', { exitCode: exitCodes.interrupted });
    }
    const runbook = namedRunbook(error) ?? caller.runbook;
    return new CliError(error.message, { runbook });
  }
  return new CliError(String(error), { runbook: caller.runbook });
}

/** One of the command's own, which may leave out the page that all of its command have. */
function leading(error: CliError, runbook: string | undefined): CliError {
  if (error.runbook || !runbook) return error;
  const { message, why, fix, exitCode } = error;
  return new CliError(message, { why, fix, exitCode, runbook });
}

/** The portal's messages may name a page of runbooks; the place of one in the portal is no address at a terminal. */
export function withoutRunbook(message: string): {
  text: string;
  runbook?: string;
} {
  return {
    text: withoutNamedRunbook(message),
    runbook: namedRunbook({ message }),
  };
}

function fromResponse(
  { cause, message, statusCode: status }: ResponseError,
  { token, runbook: refused }: Caller,
): CliError {
  const { text: what } = withoutRunbook(cause.message || message);
  const named = namedRunbook(cause);
  const runbook = runbookOf({ error: cause, status }, refused);
  switch (status) {
    case 400:
      return new CliError(what, { runbook, exitCode: exitCodes.usage });
    case 401:
      return new CliError('The portal does not know who you are.', {
        why: what,
        fix: token
          ? 'Compare PLATFORM_TOKEN with backend.auth.externalAccess of the portal, or unset it and sign in: platform login'
          : 'Sign in: platform login',
        ...{ runbook, exitCode: exitCodes.refused },
      });
    case 403:
      return new CliError('You may not do this.', {
        // Some of Backstage's plugins refuse without a word.
        why: cause.message ? what : undefined,
        ...(token && {
          fix: 'If PLATFORM_TOKEN is that of a machine, name what it takes under platform.access.machines of the portal.',
        }),
        // Of tokens it says more than the page for what a person may not do.
        runbook: token ? named ?? 'platform-not-signed-in' : runbook,
        exitCode: exitCodes.refused,
      });
    case 404:
      return new CliError(what, { runbook, exitCode: exitCodes.notFound });
    case 409:
      return new CliError(what, { runbook, exitCode: exitCodes.conflict });
    case 502:
    case 503:
    case 504:
      return new CliError('The portal cannot answer now.', {
        why: what,
        // What stands in its way may have to be mended first; the page says how.
        ...(!named && { fix: 'Try again in a moment.' }),
        ...{ runbook, exitCode: exitCodes.unreachable },
      });
    default:
      return new CliError(what, { runbook });
  }
}

/** What stands behind fetch's "fetch failed", where the portal was not reached at all. */
function unreachableCode(error: Error): string | undefined {
  const code = codeOf(error.cause) ?? codeOf(error);
  if (code && (NETWORK_CODES.has(code) || /^UND_ERR_[A-Z_]+$/.test(code))) {
    return code;
  }
  // A port that no browser may use, or a certificate that is not trusted, has no code.
  return error.message === 'fetch failed' ? String(error.cause) : undefined;
}

function codeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const code = 'code' in value ? value.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
