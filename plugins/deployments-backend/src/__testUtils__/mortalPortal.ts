// A backend with the deployments plugin and real drivers, which dies at the call that it is told to.
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { notificationService } from '@backstage/plugin-notifications-node';
import { Death, watchOutsideCalls } from '@highroad/sandbox/testing';
import { appendFileSync } from 'node:fs';
import { deploymentsPlugin } from '../plugin';

/** Told to one that runs: its calls are counted from here on. */
export interface Sentence {
  die: Death;
}

export interface Orders {
  config: NonNullable<Parameters<typeof mockServices.rootConfig>[0]>['data'];
  entities: Entity[];
  /** File that records are added to, a line of JSON each */
  records: string;
  /** It has the plugin of metrics too, which reads the feed of this one */
  metrics?: boolean;
  /** By how many minutes its clock is ahead of this machine's; it is this machine's if left out */
  minutesAhead?: number;
  /** Where it dies; never if left out */
  die?: Death;
}

/** What it says of itself, a line each. */
export interface Saying {
  /** It has started, and listens there */
  port?: number;
  /** What it asks somebody now */
  call?: string;
  /** It knows where it dies */
  sentenced?: true;
}

function say(line: Saying) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** An auditor that has written when it says so, also where the process dies right after. */
function durableAuditor(file: string) {
  const write = (line: object) =>
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  return createServiceFactory({
    service: coreServices.auditor,
    deps: {},
    factory: () => ({
      createEvent: async ({ eventId }) => {
        write({ eventId, phase: 'intent' });
        return {
          success: async () => write({ eventId, phase: 'success' }),
          fail: async () => write({ eventId, phase: 'failure' }),
        };
      },
    }),
  });
}

function setClock(aheadMs: number) {
  const Real = Date;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, newTarget) =>
      Reflect.construct(
        ...([target, args.length > 0 ? args : [Date.now()]] as const),
        newTarget,
      ),
    get: (target, name) =>
      name === 'now' ? () => Real.now() + aheadMs : Reflect.get(target, name),
  });
}

async function main(orders: Orders) {
  const { config, entities, records, metrics, minutesAhead } = orders;
  if (minutesAhead) setClock(minutesAhead * 60_000);
  // To load it takes a while, which most don't need. Both are in one backend, as in a portal; neither knows the other's code.
  // eslint-disable-next-line @backstage/no-mixed-plugin-imports
  const more = metrics ? [import('@highroad/plugin-metrics-backend')] : [];
  const { server } = await startTestBackend({
    features: [
      deploymentsPlugin,
      ...more,
      mockServices.rootConfig.factory({ data: config }),
      databaseServiceFactory,
      durableAuditor(records),
      catalogServiceMock.factory({ entities }),
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: async () => {} }),
      }),
    ],
  });
  // What it asks while it starts belongs to no deployment, and neither does watching how pods are.
  const except = /labelSelector=platform\.myorg\.com%2Fdeployment/;
  let { die } = orders;
  let latest = 0;
  let countedFrom = 0;
  watchOutsideCalls(
    ({ number, what, moment }) => {
      if (moment === 'before') {
        latest = number;
        say({ call: what });
      }
      if (die?.moment !== moment || number - countedFrom !== die.at) return;
      process.kill(process.pid, 'SIGKILL');
    },
    { except },
  );
  process.on('message', (sentence: Sentence) => {
    die = sentence.die;
    countedFrom = latest;
    say({ sentenced: true });
  });
  say({ port: server.port() });
}

process.once('message', (orders: Orders) => {
  main(orders).catch(error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
});
