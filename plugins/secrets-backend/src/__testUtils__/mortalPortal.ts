// A backend with the secrets plugin and real drivers, which dies at the call that it is told to.
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { notificationService } from '@backstage/plugin-notifications-node';
import {
  Moment,
  OtherCalls,
  watchOutsideCalls,
} from '@highroad/sandbox/testing';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { appendFileSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { Client } from 'pg';
import { secretsPlugin } from '../plugin';

/** What it is told when it begins, then once more: where to die. */
export type Order =
  | {
      config: NonNullable<
        Parameters<typeof mockServices.rootConfig>[0]
      >['data'];
      /** File with the services of the catalog, read each time that it is asked: names and owners */
      catalog: string;
      /** File that records are added to, a line of JSON each */
      records: string;
    }
  | { at: number; moment: Moment };

function say(line: object) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

let die: Extract<Order, { at: number }> | undefined;
let count = 0;

/** An auditor that has written when it says so, also where the process dies right after. */
function durableAuditor(file: string) {
  const write = (line: object) =>
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  return createServiceFactory({
    service: coreServices.auditor,
    deps: {},
    factory: () => ({
      createEvent: async ({ eventId: event }) => {
        write({ event, phase: 'intent' });
        return {
          success: async () => write({ event, phase: 'success' }),
          fail: async () => write({ event, phase: 'failure' }),
        };
      },
    }),
  });
}

/** Queries go by no door of Node.js that tells of them. */
function watchQueries({ begin, end }: OtherCalls) {
  const prototype = Client.prototype as unknown as {
    query(...args: unknown[]): unknown;
  };
  const { query } = prototype;
  prototype.query = function watched(this: Client, ...args) {
    const call = {};
    const [text] = args;
    // No more of it: it could hold a password.
    begin(
      call,
      `SQL ${String(text).trim().split(/\s+/).slice(0, 2).join(' ')}`,
    );
    const answer = query.apply(this, args);
    const ended = () => end(call);
    Promise.resolve(answer).then(ended, ended);
    return answer;
  };
}

const servicesSchema = z.array(
  z.object({ name: z.string(), owner: z.string().optional() }),
);

/** A catalog that knows what a file says at that moment. */
function catalogIn(file: string) {
  const now = () =>
    catalogServiceMock({
      entities: servicesSchema
        .parse(JSON.parse(readFileSync(file, 'utf8')))
        .map(({ name, owner }) => ({
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { name, namespace: 'default' },
          ...(owner && {
            relations: [{ type: 'ownedBy', targetRef: owner }],
          }),
        })),
    });
  return Object.assign(now(), {
    getEntities: (...args: Parameters<ReturnType<typeof now>['getEntities']>) =>
      now().getEntities(...args),
    getEntitiesByRefs: (
      ...args: Parameters<ReturnType<typeof now>['getEntitiesByRefs']>
    ) => now().getEntitiesByRefs(...args),
  });
}

async function serve(order: Exclude<Order, { at: number }>) {
  const { config, catalog, records } = order;
  const { server } = await startTestBackend({
    features: [
      secretsPlugin,
      mockServices.rootConfig.factory({ data: config }),
      databaseServiceFactory,
      durableAuditor(records),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () => catalogIn(catalog),
      }),
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: async () => {} }),
      }),
    ],
  });
  const known = new Map<number, number>();
  const others = watchOutsideCalls(({ number, what, moment }) => {
    if (!die) return;
    if (moment === 'before') {
      count += 1;
      known.set(number, count);
      say({ call: what });
    }
    // What began before it was told where to die is not counted.
    if (known.get(number) !== die.at || die.moment !== moment) return;
    process.kill(process.pid, 'SIGKILL');
  });
  watchQueries(others);
  const authorization = mockCredentials.user.header('user:default/anna');
  say({ port: server.port(), authorization });
}

process.on('message', (order: Order) => {
  if ('at' in order) {
    die = order;
    say({ armed: true });
    return;
  }
  serve(order).catch(error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
});
