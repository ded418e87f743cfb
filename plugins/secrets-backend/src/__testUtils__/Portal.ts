import {
  AuditorServiceCreateEventOptions,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { ServiceUnavailableError } from '@backstage/errors';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  NotificationSendOptions,
  notificationService,
} from '@backstage/plugin-notifications-node';
import { Operation, operationRequest } from '@highroad/plugin-platform-common';
import { secretOperations } from '@highroad/plugin-secrets-common';
import createKnex, { Knex } from 'knex';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import plugin from '..';

/** Nothing that is searched may be cut off. */
const WHOLE = {
  depth: 20,
  ...{ maxArrayLength: null, maxStringLength: null },
};

/** An answer of the portal, and everything of it as text. */
export interface Answer {
  status: number;
  body: any;
  text: string;
}

/** The plugin as it is shipped, with all that it writes kept to be looked through. */
export class Portal {
  /** What was logged */
  readonly logs: string[] = [];
  /** What was recorded, with how it ended */
  readonly records: Array<{
    options: AuditorServiceCreateEventOptions;
    ending?: string;
  }> = [];
  /** What people were notified of */
  readonly notifications: NotificationSendOptions[] = [];
  /** What was printed past the logger, which is kept from the console meanwhile */
  readonly printed: string[] = [];
  /** What was answered, but by the doors that show values */
  readonly answers: string[] = [];
  /** Whether what has to be recorded can be */
  recording = true;

  private constructor(readonly folder: string, readonly db: Knex) {}

  #backend!: TestBackend;
  #restoreConsole = () => {};

  static async start(platform: object, services: string[]): Promise<Portal> {
    const folder = await mkdtemp(join(tmpdir(), 'highroad-secrets-'));
    const db = createKnex({
      client: 'better-sqlite3',
      connection: { filename: join(folder, 'secrets.sqlite') },
      useNullAsDefault: true,
    });
    const portal = new Portal(folder, db);
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
        mockServices.database.factory({ knex: db }),
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: () => logger,
        }),
        createServiceFactory({
          service: coreServices.auditor,
          deps: {},
          factory: () => ({
            createEvent: async options => {
              if (!portal.recording) {
                throw new ServiceUnavailableError('It cannot be recorded.');
              }
              const { request, ...rest } = options;
              // Of a request the ledger takes no more than this.
              const { method, originalUrl } = request ?? {};
              const record: (typeof portal.records)[number] = {
                options: {
                  ...rest,
                  meta: { ...rest.meta, method, originalUrl },
                },
              };
              portal.records.push(record);
              const end = (what: string) => async (params?: object) => {
                record.ending = `${what} ${inspect(params, WHOLE)}`;
              };
              return { success: end('succeeded'), fail: end('failed') };
            },
          }),
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
        mockServices.rootConfig.factory({ data: { platform } }),
      ],
    });
    return portal;
  }

  /** Calls an operation as somebody who is signed in. */
  async call(
    name: keyof typeof secretOperations,
    input: Record<string, unknown>,
  ): Promise<Answer> {
    const operation: Operation = secretOperations[name];
    const { path, init } = operationRequest(operation, input);
    return this.send(path, init, !operation.http.noStore);
  }

  /** Sends anything. */
  async send(
    path: string,
    init: RequestInit,
    kept = true,
  ): Promise<Answer & { headers: Headers }> {
    const address = this.#backend.server.address();
    if (!address || typeof address === 'string') throw new Error('no port');
    const response = await fetch(
      `http://127.0.0.1:${address.port}/api/secrets${path}`,
      {
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          Authorization: mockCredentials.user.header('user:default/anna'),
        },
      },
    );
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

  /** All that was written anywhere, by where. Files of the database as bytes. */
  async written(): Promise<Record<string, string>> {
    const files = await readdir(this.folder);
    const bytes = await Promise.all(
      files.map(name => readFile(join(this.folder, name), 'latin1')),
    );
    return {
      logs: this.logs.join('\n'),
      printed: this.printed.join('\n'),
      records: inspect(this.records, WHOLE),
      answers: this.answers.join('\n'),
      notifications: JSON.stringify(this.notifications),
      database: bytes.join('\n'),
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
    await this.db.destroy().catch(() => {});
    await rm(this.folder, { recursive: true, force: true });
  }
}

function entityOf(ref: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: ref.split('/')[1], namespace: 'default' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/team' }],
  };
}

/** Every form in which a text could have been written. */
export function formsOf(text: string): string[] {
  // Wherever it begins within what is encoded, one of three alignments is found.
  const base64 = [0, 1, 2].map(at =>
    Buffer.from(`${'.'.repeat(at)}${text}`)
      .toString('base64')
      .replace(/=+$/, '')
      .slice(at === 0 ? 0 : 4, -2),
  );
  return [
    text,
    ...base64,
    ...base64.map(form => form.replace(/\+/g, '-').replace(/\//g, '_')),
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text, 'utf8').toString('latin1'),
    Buffer.from(text).toString('hex'),
  ];
}

/** So much of a form tells it from everything else, also where the rest was cut off. */
const PROBE = { from: 5, to: 21 };

/** Where any of these texts stands, in any form, as `logs: text`. */
export function findings(
  written: Record<string, string>,
  texts: string[],
): string[] {
  const length = PROBE.to - PROBE.from;
  const probes = new Map(
    texts.flatMap(text =>
      formsOf(text).map(form => [form.slice(PROBE.from, PROBE.to), text]),
    ),
  );
  const found = new Set<string>();
  for (const [where, content] of Object.entries(written)) {
    for (let at = 0; at + length <= content.length; at++) {
      const text = probes.get(content.slice(at, at + length));
      if (text) found.add(`${where}: ${text}`);
    }
  }
  return [...found];
}
