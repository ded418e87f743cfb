import {
  BackendFeature,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { Entity, parseEntityRef } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  NotificationSendOptions,
  notificationService,
} from '@backstage/plugin-notifications-node';
import auditFeature, {
  auditDatabaseServiceRef,
} from '@highroad/plugin-audit-backend';
import {
  auditOperations,
  exportLineSchema,
  parseBody,
  RecordBody,
} from '@highroad/plugin-audit-common';
import { Operation, operationRequest } from '@highroad/plugin-platform-common';
import { secretOperations } from '@highroad/plugin-secrets-common';
import createKnex, { Knex } from 'knex';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import plugin from '..';
import { until } from './SandboxWorld';

/** Nothing that is searched may be cut off. */
const WHOLE = {
  depth: 20,
  ...{ maxArrayLength: null, maxStringLength: null },
};

/** Operations that show values; what all others answer is searched for them. */
const SHOWING = new Set(['reveal', 'revealProduction', 'run', 'lend']);

/** An answer of the portal, and everything of it as text. */
export interface Answer {
  status: number;
  body: any;
  text: string;
}

/** The plugin as it is shipped, beside the ledger as it is shipped, with all that they write kept to be looked through. */
export class Portal {
  /** What was logged */
  readonly logs: string[] = [];
  /** What people were notified of */
  readonly notifications: NotificationSendOptions[] = [];
  /** What was printed past the logger, which is kept from the console meanwhile */
  readonly printed: string[] = [];
  /** What was answered, but by the doors that show values */
  readonly answers: string[] = [];
  /** Operations that were done, by any route and by their action */
  readonly walked = { calls: new Set<string>(), acts: new Set<string>() };
  /** Records that waited for the ledger, as they were when they were looked at */
  readonly spooled: string[] = [];

  private constructor(
    readonly folder: string,
    /** Of the plugin */
    readonly db: Knex,
    readonly ledgerDb: Knex,
  ) {}

  #backend!: TestBackend;
  #restoreConsole = () => {};

  /** @param more - besides what is shipped */
  static async start(
    platform: object,
    services: string[],
    more: BackendFeature[] = [],
  ): Promise<Portal> {
    const folder = await mkdtemp(join(tmpdir(), 'highroad-secrets-'));
    const open = async (name: string) => {
      await mkdir(join(folder, name));
      return createKnex({
        client: 'better-sqlite3',
        connection: { filename: join(folder, name, `${name}.sqlite`) },
        useNullAsDefault: true,
      });
    };
    const [db, ledgerDb] = [await open('secrets'), await open('audit')];
    const portal = new Portal(folder, db, ledgerDb);
    const logger = mockServices.rootLogger.mock();
    for (const level of ['error', 'warn', 'info', 'debug'] as const) {
      logger[level].mockImplementation((...args) => {
        portal.logs.push(inspect(args, WHOLE));
      });
    }
    logger.child.mockReturnValue(logger);
    portal.#keepPrinted();
    portal.#backend = await startTestBackend({
      features: [
        plugin,
        auditFeature,
        ...more,
        mockServices.database.factory({ knex: db }),
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: () => logger,
        }),
        createServiceFactory({
          service: auditDatabaseServiceRef,
          deps: {},
          factory: () => ({ getClient: async () => ledgerDb }),
        }),
        createServiceFactory({
          service: notificationService,
          deps: {},
          factory: () => ({
            send: async notification => {
              portal.notifications.push(notification);
            },
          }),
        }),
        catalogServiceMock.factory({ entities: services.map(entityOf) }),
        mockServices.rootConfig.factory({
          data: {
            platform: { ...platform, audit: { directory: `${folder}/audit` } },
          },
        }),
      ],
    });
    return portal;
  }

  /** Calls an operation as somebody who is signed in, or as another plugin. */
  async call(
    name: keyof typeof secretOperations,
    input: Record<string, unknown>,
    as?: 'environments',
  ): Promise<Answer> {
    const operation: Operation = secretOperations[name];
    const { path, init } = operationRequest(operation, input);
    const answer = await this.send(path, init, !SHOWING.has(name), as);
    if (answer.status === 200) this.walked.calls.add(name);
    return answer;
  }

  /** Sends anything. */
  async send(
    path: string,
    init: RequestInit,
    kept = true,
    as?: 'environments',
  ): Promise<Answer & { headers: Headers }> {
    const response = await this.#fetch(`/api/secrets${path}`, init, as);
    const text = await response.text();
    // Where values are shown, errors must not show them all the same.
    if (kept || !response.ok) this.answers.push(text);
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      body = text;
    }
    return { status: response.status, body, text, headers: response.headers };
  }

  /** @throws Error with the answer, for one that is no success */
  async succeed(
    name: keyof typeof secretOperations,
    input: Record<string, unknown>,
  ): Promise<Answer> {
    const answer = await this.call(name, input);
    if (answer.status !== 200) throw new Error(`${name}: ${answer.text}`);
    return answer;
  }

  /** Does an operation by its action, as a template or an AI client has it done. */
  async act(
    name: keyof typeof secretOperations,
    input: Record<string, unknown>,
  ): Promise<Answer> {
    const { action }: Operation = secretOperations[name];
    if (!action) throw new Error(`${name} is not offered as an action`);
    const id = encodeURIComponent(`secrets:${action.name}`);
    const answer = await this.send(
      `/.backstage/actions/v1/actions/${id}/invoke`,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      },
    );
    if (answer.status === 200) this.walked.acts.add(name);
    return answer;
  }

  get url(): string {
    const address = this.#backend.server.address();
    if (!address || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }

  async #fetch(
    path: string,
    init: RequestInit,
    as?: 'environments',
  ): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        // One that is kept ends where a test looks through all that was written for longer than it is kept.
        Connection: 'close',
        Authorization: as
          ? mockCredentials.service.header({
              onBehalfOf: mockCredentials.service(`plugin:${as}`),
              targetPluginId: 'secrets',
            })
          : mockCredentials.user.header('user:default/anna'),
      },
    });
  }

  /** Whether the ledger can write: without its table it takes nothing. */
  async setRecording(works: boolean): Promise<void> {
    const [from, to] = works
      ? ['intake_gone', 'intake']
      : ['intake', 'intake_gone'];
    if (!(await this.ledgerDb.schema.hasTable(from))) return;
    await this.ledgerDb.schema.renameTable(from, to);
  }

  get #spool(): string {
    return join(this.folder, 'audit', 'spool');
  }

  /** Whether a record can be kept anywhere: the ledger's table is gone, and there is a file where its spool should be. */
  async setSinks(work: boolean): Promise<void> {
    const aside = `${this.#spool}-aside`;
    if (work) {
      await rm(this.#spool);
      await rename(aside, this.#spool);
    } else {
      await mkdir(this.#spool, { recursive: true });
      await rename(this.#spool, aside);
      await writeFile(this.#spool, '');
    }
    await this.setRecording(work);
  }

  /** Keeps what waits in the spool now, to be looked through when it has gone into the ledger. */
  async keepSpooled(): Promise<void> {
    this.spooled.push(await filesIn(this.#spool));
  }

  /** Everything in the ledger up to now, as it is taken away in a file. */
  async exported(): Promise<string> {
    const ask = async (operation: Operation) => {
      const { path, init } = operationRequest(operation, {});
      const response = await this.#fetch(`/api/audit${path}`, init);
      if (!response.ok) throw new Error(await response.text());
      return response;
    };
    await until(async () => {
      const chain = await (await ask(auditOperations.chain)).json();
      const { unsealed, intake } = auditOperations.chain.output.parse(chain);
      return unsealed.count === 0 && intake.spooled === 0;
    });
    return (await ask(auditOperations.export)).text();
  }

  /** What was recorded before something happened, in its order, by the name of the event. */
  async intents(event: string): Promise<RecordBody[]> {
    return (await this.recorded()).filter(
      body => body.event === event && body.phase === 'intent',
    );
  }

  /** All that was recorded, in its order. */
  async recorded(): Promise<RecordBody[]> {
    const lines = (await this.exported()).trim().split('\n');
    return lines.flatMap(line => {
      const read = exportLineSchema.parse(JSON.parse(line));
      return ('body' in read && parseBody(read.body)) || [];
    });
  }

  /** All that was written anywhere, by where. Files of the plugin's database and of the ledger as bytes. */
  async written() {
    const records = await this.exported();
    return {
      logs: this.logs.join('\n'),
      printed: this.printed.join('\n'),
      records,
      answers: this.answers.join('\n'),
      notifications: JSON.stringify(this.notifications),
      spool: this.spooled.join('\n'),
      database: await filesIn(join(this.folder, 'secrets')),
      ledger: await filesIn(join(this.folder, 'audit')),
    };
  }

  #keepPrinted(): void {
    const levels = ['debug', 'error', 'info', 'log', 'warn'] as const;
    const spies = levels.map(level =>
      jest.spyOn(console, level).mockImplementation((...args) => {
        this.printed.push(inspect(args, WHOLE));
      }),
    );
    this.#restoreConsole = () => spies.forEach(spy => spy.mockRestore());
  }

  async stop(): Promise<void> {
    this.#restoreConsole();
    await this.#backend.stop();
    for (const db of [this.db, this.ledgerDb]) {
      await db.destroy().catch(() => {});
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Bytes of all files in a folder and below. */
async function filesIn(folder: string): Promise<string> {
  const found = await readdir(folder, {
    ...{ recursive: true, withFileTypes: true },
  });
  const files = found.filter(one => one.isFile());
  const contents = files.map(({ parentPath, name }) =>
    readFile(join(parentPath, name), 'latin1').catch(error => {
      // A journal of SQLite goes with its transaction.
      if (error.code === 'ENOENT') return '';
      throw error;
    }),
  );
  return (await Promise.all(contents)).join('\n');
}

function entityOf(ref: string): Entity {
  const { kind, namespace, name } = parseEntityRef(ref);
  return {
    ...{ apiVersion: 'backstage.io/v1alpha1', kind },
    metadata: { name, namespace },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/team' }],
  };
}
