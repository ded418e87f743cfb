import {
  AuditorService,
  AuditorServiceCreateEventOptions,
  AuditorServiceEvent,
  AuthService,
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { RecordBody } from '@highroad/plugin-audit-common';
import { AuditActor, AuditContext } from '@highroad/plugin-platform-common';
import { plainMessage } from '../database/plainMessage';
import { Intake } from '../service/Intake';
import { intentBody, outcomeBody } from './buildBody';
import { asError, cleanError } from './cleanError';
import { cleanMeta } from './cleanMeta';
import { CONTEXT_KEY, readContext } from './readContext';

const RUNBOOK = 'docs/runbooks/audit-cannot-record.md';

/** The auditor of one plugin: it logs as the standard one does, and writes to the ledger. */
export class LedgerAuditor implements AuditorService {
  readonly #plugin: string;
  readonly #log: AuditorService;
  readonly #intake: Intake;
  readonly #auth: AuthService;
  readonly #httpAuth: HttpAuthService;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #newId: () => string;

  constructor(options: {
    plugin: string;
    /** The standard auditor, which logs */
    log: AuditorService;
    intake: Intake;
    auth: AuthService;
    httpAuth: HttpAuthService;
    logger: LoggerService;
    now: () => Date;
    /** Gives UUIDs of version 7 */
    newId: () => string;
  }) {
    this.#plugin = options.plugin;
    this.#log = options.log;
    this.#intake = options.intake;
    this.#auth = options.auth;
    this.#httpAuth = options.httpAuth;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#newId = options.newId;
  }

  /**
   * Records that something is about to happen. When it returns, that is recorded, or waits to be.
   *
   * @throws ServiceUnavailableError if the event is critical and cannot be recorded: then it must not happen
   */
  async createEvent(
    options: AuditorServiceCreateEventOptions,
  ): Promise<AuditorServiceEvent> {
    const { eventId, request, severityLevel = 'low' } = options;
    const { meta, context } = this.#read(eventId, options.meta);
    const logged = await this.#log.createEvent({
      ...options,
      meta: withContext(meta, context),
    });
    // The catalog alone emits one for every read.
    if (severityLevel === 'low') return logged;

    const intent = intentBody({
      id: this.#newId(),
      at: this.#now().toISOString(),
      plugin: this.#plugin,
      event: eventId,
      severity: severityLevel,
      actor: context.actor ?? (await this.#actorOf(request)),
      ...{ context, request, meta },
    });
    if (severityLevel === 'critical') await this.#writeOrRefuse(intent, logged);
    else await this.#intake.writeOrSpool(intent);
    return this.#event(intent, context, logged);
  }

  #event(
    intent: RecordBody,
    context: AuditContext,
    logged: AuditorServiceEvent,
  ): AuditorServiceEvent {
    let ended = false;
    const end = async (given: object | undefined, failed?: Failed) => {
      if (ended) return;
      ended = true;
      const error = failed && cleanError(failed.error);
      if (error) this.#blame(intent.event, error.secrets);
      const read = this.#readEnd(intent.event, given);
      await this.#intake.writeOrSpool(
        outcomeBody(intent, {
          id: this.#newId(),
          at: this.#now().toISOString(),
          meta: read.meta,
          context: { ...context, ...read.context },
          error: error && { name: error.name, message: error.message },
        }),
      );
    };
    return {
      success: async params => {
        await end(params?.meta);
        await logged.success(cleaned(params));
      },
      fail: async params => {
        // Nothing about what was thrown is certain, but that it was.
        const error: unknown = params?.error;
        await end(params?.meta, { error });
        await logged.fail({ ...cleaned(params), error: asError(error) });
      },
    };
  }

  async #writeOrRefuse(
    intent: RecordBody,
    logged: AuditorServiceEvent,
  ): Promise<void> {
    try {
      await this.#intake.write(intent);
    } catch (cause) {
      const error = new ServiceUnavailableError(
        `${intent.plugin}.${
          intent.event
        } was refused and nothing was done: it must be recorded before it happens, and the audit ledger cannot write now (${plainMessage(
          cause,
        )}). Try again when it can; ${RUNBOOK} says how to mend it.`,
      );
      // That it was tried is recorded once that is possible.
      await this.#intake.writeOrSpool(
        outcomeBody(intent, {
          id: this.#newId(),
          at: this.#now().toISOString(),
          meta: {},
          context: { refused: true },
          error: { name: error.name, message: cleanError(error).message },
        }),
      );
      await logged.fail({ error });
      throw error;
    }
  }

  #read(
    event: string,
    given: object | undefined,
  ): { meta: JsonObject; context: AuditContext } {
    // Apart, so that much meta does not push out what it is about.
    const { [CONTEXT_KEY]: about, ...rest } = { [CONTEXT_KEY]: {}, ...given };
    const own = cleanMeta({ [CONTEXT_KEY]: about });
    const clean = cleanMeta(rest);
    this.#blame(event, [...own.secrets, ...clean.secrets]);
    const context = readContext(own.meta);
    return context
      ? { meta: clean.meta, context }
      : { meta: { ...clean.meta, ...own.meta }, context: {} };
  }

  /** What is said at the end. An outcome is written in any case, so that no intent stays open. */
  #readEnd(
    event: string,
    given: object | undefined,
  ): { meta: JsonObject; context: AuditContext } {
    try {
      return this.#read(event, given);
    } catch (error) {
      this.#logger.error(
        `What ${
          this.#plugin
        }.${event} said at its end could not be read, and is not in its record: ${
          cleanError(error).message
        } The code that does this is wrong.`,
      );
      return { meta: {}, context: {} };
    }
  }

  #blame(event: string, secrets: string[]): void {
    if (secrets.length === 0) return;
    this.#logger.error(
      `${
        this.#plugin
      }.${event} handed a secret to the audit record, which was left out: ${secrets.join(
        ', ',
      )}. The code that does this is wrong.`,
    );
  }

  async #actorOf(
    request: AuditorServiceCreateEventOptions['request'],
  ): Promise<AuditActor> {
    const credentials = request
      ? await this.#httpAuth.credentials(request)
      : await this.#auth.getOwnServiceCredentials();
    if (this.#auth.isPrincipal(credentials, 'user')) {
      return { kind: 'user', ref: credentials.principal.userEntityRef };
    }
    if (this.#auth.isPrincipal(credentials, 'service')) {
      return { kind: 'service', ref: credentials.principal.subject };
    }
    return { kind: 'none', ref: 'nobody' };
  }
}

/** That it failed, with whatever was thrown. */
interface Failed {
  error: unknown;
}

/** What is logged is as clean as what is recorded. */
function cleaned<T extends { meta?: JsonObject }>(
  params: T | undefined,
): { meta?: JsonObject } {
  return params?.meta ? { meta: cleanMeta(params.meta).meta } : {};
}

function withContext(meta: JsonObject, context: AuditContext): JsonObject {
  return Object.keys(context).length > 0
    ? { ...meta, [CONTEXT_KEY]: { ...context } }
    : meta;
}
