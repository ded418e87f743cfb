import { pullRequestEnvironmentName } from '@highroad/plugin-environments-common';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { dumpOfService } from 'e2e/src/system/support/preview';
import { throughIngress } from 'e2e/src/system/support/throughIngress';
import { z } from 'zod';
import { startedPortal } from './startedPortal';
import { webhookListener } from './webhookListener';

type Portal = Awaited<ReturnType<typeof startedPortal>>;

const MANIFEST = 'platform/environments/preview.yaml';
const SEED = 'fixtures/bench.sql';
const ROW = 'seeded for the bench';
const LONGEST_MS = 300_000;

const contentSchema = z.object({ content: z.string(), sha: z.string() });
const pullRequestSchema = z.object({ number: z.number() });

/** How long after its opening a pull request has what, in milliseconds. */
export interface Opened {
  /** Until the Git host had answered that it is open */
  answered: number;
  /** Until the Git host sent webhooks of it */
  told: number;
  /** Until its namespace was there */
  object: number;
  /** Until its address answered with the seeded row */
  rows: number;
}

/**
 * A service whose pull requests get an environment of an image that is there already, so that no build is measured.
 *
 * @returns `open` opens another pull request, and closes it
 */
export async function seededPreviews(portal: Portal, name: string) {
  const { connection, sandbox } = portal;
  const slug = portal.slugOf(name);
  const ask = (method: string, path: string, body?: object) =>
    sandbox.askGitHost(method, `repos/${slug}/${path}`, body);
  const version = await portal.create(name, '--database', 'postgres');
  const manifest = contentSchema.parse(
    await ask('GET', `contents/${MANIFEST}`),
  );
  const text = Buffer.from(manifest.content, 'base64')
    .toString()
    .replaceAll('$(commit)', version)
    .replace('- type: postgres', `- type: postgres\n      seed: ${SEED}`);
  await ask('PUT', `contents/${MANIFEST}`, {
    ...{ sha: manifest.sha, message: 'Seed previews, from a built image' },
    content: Buffer.from(text).toString('base64'),
  });
  await ask('POST', `contents/${SEED}`, {
    ...{
      message: 'Add a seed',
      content: Buffer.from(dumpOfService(ROW)).toString('base64'),
    },
  });
  const namespaces = await namespaceReader(portal);
  const webhooks = await webhookListener();
  // Of a repository's own first, so what is heard here is sent no later than what the portal hears.
  await ask('POST', 'hooks', {
    ...{ type: 'gitea', active: true, events: ['pull_request'] },
    config: { url: webhooks.url, content_type: 'json' },
  });

  const open = async (at: number): Promise<Opened> => {
    const branch = `change-${at}`;
    await ask('POST', 'branches', {
      ...{ new_branch_name: branch, old_branch_name: 'main' },
    });
    await ask('POST', `contents/docs/bench-${at}.md`, {
      ...{ branch, message: `Change ${at}` },
      content: Buffer.from(`Change ${at}.\n`).toString('base64'),
    });
    const began = performance.now();
    const { number } = pullRequestSchema.parse(
      await ask('POST', 'pulls', {
        ...{ head: branch, base: 'main', title: `Change ${at}` },
      }),
    );
    const answered = performance.now() - began;
    const environment = pullRequestEnvironmentName({
      ...{ host: connection.gitea.host, repository: slug, number },
    });
    const within = async (is: () => Promise<boolean>, what: string) => {
      while (!(await is())) {
        if (performance.now() - began > LONGEST_MS) {
          throw new Error(`Pull request ${number}: ${what} did not come.`);
        }
        await sleep(20);
      }
      return performance.now() - began;
    };
    const object = await within(
      () => namespaces.has(`env-${environment}`),
      `the namespace of ${environment}`,
    );
    const rows = await within(async () => {
      const { status, body } = await throughIngress(
        connection.ingress,
        `${name}-${environment}`,
        '/v1/items',
      );
      return status === 200 && body.includes(ROW);
    }, 'its rows');
    await ask('PATCH', `pulls/${number}`, { state: 'closed' });
    await within(
      async () => !(await namespaces.has(`env-${environment}`)),
      'its end',
    );
    const told = (await webhooks.opened(number)) - began;
    return { answered, told, object, rows };
  };
  return { open, stop: webhooks.stop };
}

/** Asks the API server itself: to start kubectl would take longer than what is measured. */
async function namespaceReader({ connection }: Portal) {
  const { server, ca, adminToken } = connection.kubernetes;
  const agent = new Agent({ keepAlive: true, ca: await certificateIn(ca) });
  const headers = { Authorization: `Bearer ${adminToken}` };
  return {
    has: (name: string) =>
      new Promise<boolean>((resolve, reject) => {
        const asked = request(
          `${server}/api/v1/namespaces/${name}`,
          { agent, headers },
          answer => {
            answer.resume();
            answer.on('end', () => resolve(answer.statusCode === 200));
          },
        );
        asked.on('error', reject);
        asked.end();
      }),
  };
}

function certificateIn(text: string): Promise<string> | string {
  return text.startsWith('-----') ? text : readFile(text, 'utf8');
}
