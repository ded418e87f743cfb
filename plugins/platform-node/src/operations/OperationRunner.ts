import {
  AuditorService,
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError, stringifyError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { JsonObject } from '@backstage/types';
import {
  AuditContext,
  AuditRule,
  Door,
  Operation,
  Target,
} from '@highroad/plugin-platform-common';
import { Request } from 'express';
import { Gate } from '../access/Gate';
import { actorOf } from './actorOf';
import { Implementation } from './Implementation';
import { readInput, requireStorable } from './readInput';
import { readAhead } from './readAhead';
import { recordedStream } from './recordedStream';
import { EnvironmentCheck, namedIn, withoutInput } from './unreadInput';

/** So many characters of a stream are ready before its answer begins, so that a short one is refused or whole. */
const AHEAD = 256 * 1024;

/** How a call came in. */
export interface Incoming {
  /** Not read yet */
  input: unknown;
  credentials: BackstageCredentials;
  door: Door;
  correlation: string;
  signal: AbortSignal;
  /** Where it came by HTTP */
  request?: Request;
}

/**
 * Runs operations, the same for all doors: reads the input, checks the rights, records the intent, does it, records
 * how it ended.
 */
export class OperationRunner {
  readonly #gate: Gate;
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;
  readonly #isEnvironment: EnvironmentCheck;
  readonly #isProduction: (environment: string) => boolean;

  constructor(options: {
    gate: Gate;
    auditor: AuditorService;
    logger: LoggerService;
    isEnvironment: EnvironmentCheck;
    isProduction: (environment: string) => boolean;
  }) {
    this.#gate = options.gate;
    this.#auditor = options.auditor;
    this.#logger = options.logger;
    this.#isEnvironment = options.isEnvironment;
    this.#isProduction = options.isProduction;
  }

  /**
   * @returns the operation's output without what the schema does not name, or the pieces that it streams
   * @throws InputError, AuthenticationError, NotAllowedError, ServiceUnavailableError if it cannot be recorded and must
   * be, and what the operation throws
   */
  async run(
    operation: Operation,
    implementation: Implementation,
    incoming: Incoming,
  ): Promise<unknown> {
    const { credentials, door, correlation, signal, request } = incoming;
    const { input, target } = await this.#read(
      ...([operation, implementation, incoming] as const),
    ).catch(async error => {
      if (error instanceof InputError) {
        await this.recordUnread(operation, incoming, error);
      }
      throw error;
    });
    const actor = actorOf(credentials);
    const context: AuditContext = {
      actor,
      door,
      correlation,
      ...(target.service && { service: target.service }),
      ...(target.environment && { environment: target.environment }),
      ...reasonIn(input),
    };

    const decision = await this.#gate
      .pass(operation, target, credentials)
      .catch(async error => {
        for (const detail of [
          target.detail,
          ...(target.furtherDetails ?? []),
        ]) {
          await this.#recordRefusal(operation.audit, context, request, {
            error,
            detail: detailOf({ ...target, detail }),
          });
        }
        throw error;
      });

    const notes: JsonObject = {};
    const work = async () => {
      const answer = await implementation.handle({
        input,
        credentials,
        actor,
        door,
        correlation,
        signal,
        decision,
        visible: async references =>
          decision.result === AuthorizeResult.ALLOW
            ? undefined
            : this.#gate.allowed(operation, await references(), credentials),
        note: meta => Object.assign(notes, meta),
      });
      const { streams, live } = operation.http;
      return streams && !live && isStream(answer)
        ? readAhead(answer, AHEAD)
        : answer;
    };
    if (operation.audit === 'no-effect') {
      return shaped(operation, await work());
    }

    const record = await this.#auditor.createEvent({
      eventId: operation.audit.event,
      severityLevel: this.#severity(operation.audit, target),
      request,
      meta: { ...detailOf(target), platform: context },
    });
    const failed = async (error: unknown) => {
      await record.fail({ error: asError(error), meta: notes });
      throw error;
    };
    const answer = await work().catch(failed);
    if (operation.http.streams && isStream(answer)) {
      return recordedStream(answer, {
        succeeded: () => record.success({ meta: notes }),
        ...{ failed, signal },
      });
    }
    await record.success({ meta: notes });
    return shaped(operation, answer);
  }

  /**
   * Records that a call was refused whose input is not valid, where what it asks for has to be recorded before it happens.
   * Of the input it holds names alone. A refusal stands whether it can be recorded or not.
   */
  async recordUnread(
    operation: Operation,
    incoming: Omit<Incoming, 'signal'>,
    error: InputError,
  ): Promise<void> {
    const { audit } = operation;
    if (audit === 'no-effect' || audit.severity !== 'critical') return;
    const { credentials, door, correlation, request } = incoming;
    const { context, detail, hasPlainPath } = namedIn(
      operation,
      incoming.input,
      this.#isEnvironment,
    );
    await this.#recordRefused(
      audit,
      { ...context, door, correlation, actor: actorOf(credentials) },
      hasPlainPath ? request : undefined,
      { error: withoutInput(error), detail },
    );
  }

  async #read(
    operation: Operation,
    implementation: Implementation,
    incoming: Incoming,
  ): Promise<{ input: Record<string, unknown>; target: Target }> {
    const input = readInput(operation.input, incoming.input);
    requireStorable(input);
    const target =
      (await implementation.target?.(input, incoming.credentials)) ??
      operation.target?.(input) ??
      {};
    return { input, target };
  }

  /** A refusal stands whether it can be recorded or not. */
  async #recordRefusal(
    rule: AuditRule,
    context: AuditContext,
    request: Request | undefined,
    refusal: { error: unknown; detail: JsonObject },
  ): Promise<void> {
    const { error, detail } = refusal;
    if (rule === 'no-effect' || !(error instanceof NotAllowedError)) return;
    await this.#recordRefused(rule, context, request, { error, detail });
  }

  async #recordRefused(
    rule: Exclude<AuditRule, 'no-effect'>,
    context: AuditContext,
    request: Request | undefined,
    { error, detail }: { error: Error; detail: JsonObject },
  ): Promise<void> {
    try {
      const record = await this.#auditor.createEvent({
        eventId: rule.event,
        severityLevel: 'high',
        request,
        meta: { ...detail, platform: { ...context, refused: true } },
      });
      await record.fail({ error });
    } catch (failure) {
      this.#logger.error(
        `A refusal of ${rule.event} could not be recorded: ${stringifyError(
          failure,
        )}`,
      );
    }
  }

  #severity(
    rule: Exclude<AuditRule, 'no-effect'>,
    { environment, environments = [] }: Target,
  ): 'medium' | 'high' | 'critical' {
    if (rule.severity !== 'by-environment') return rule.severity;
    return [...environments, environment ?? []].flat().some(this.#isProduction)
      ? 'critical'
      : 'medium';
  }
}

/** What a record says of it besides. */
function detailOf({ environments, detail = {} }: Target): JsonObject {
  return { ...detail, ...(environments && { environments }) };
}

function reasonIn(input: Record<string, unknown>): { reason?: string } {
  return typeof input.reason === 'string' && input.reason
    ? { reason: input.reason }
    : {};
}

/** What the schema does not name does not leave. */
function shaped(operation: Operation, answer: unknown): unknown {
  return operation.http.streams ? answer : operation.output.parse(answer);
}

export function isStream(answer: unknown): answer is AsyncIterable<string> {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    Symbol.asyncIterator in answer
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
