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
import { Moment, watchOutsideCalls } from '@highroad/sandbox/testing';
import { appendFileSync } from 'node:fs';
import { secretsPlugin } from '../plugin';

/** What it is told when it begins, then once more: where to die. */
export type Order =
  | {
      config: NonNullable<
        Parameters<typeof mockServices.rootConfig>[0]
      >['data'];
      /** Name of a service in the catalog */
      service: string;
      /** File that records are added to, a line of JSON each */
      records: string;
    }
  | { at: number; moment: Moment };

function say(line: object) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

let die: Extract<Order, { at: number }> | undefined;
let count = 0;

async function begin(order: Exclude<Order, { at: number }>) {
  const { config, service, records } = order;
  const { server } = await startTestBackend({
    features: [
      secretsPlugin,
      mockServices.rootConfig.factory({ data: config }),
      databaseServiceFactory,
      createServiceFactory({
        service: coreServices.auditor,
        deps: {},
        factory: () => ({
          createEvent: async ({ eventId }) => {
            // Written when it says so, also where the process dies right after.
            appendFileSync(records, `${JSON.stringify({ eventId })}\n`);
            return { success: async () => {}, fail: async () => {} };
          },
        }),
      }),
      catalogServiceMock.factory({
        entities: [
          {
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'Component',
            metadata: { name: service },
          },
        ],
      }),
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: async () => {} }),
      }),
    ],
  });
  const known = new Map<number, number>();
  watchOutsideCalls(({ number, what, moment }) => {
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
  const authorization = mockCredentials.user.header('user:default/anna');
  say({ port: server.port(), authorization });
}

process.on('message', (order: Order) => {
  if ('at' in order) {
    die = order;
    say({ armed: true });
    return;
  }
  begin(order).catch(error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
});
