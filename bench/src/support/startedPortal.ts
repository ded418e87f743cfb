import { platform } from 'e2e/src/support/platform';
import { ROOT } from 'e2e/src/support/portal';
import { FetchApi } from '@highroad/plugin-platform-common';
import { readConnection, SandboxPaths } from '@highroad/sandbox';
import { TestSandbox } from '@highroad/sandbox/testing';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

const execute = promisify(execFile);

const STATE = resolve(process.env.BENCH_STATE ?? '.highroad');

const portalSchema = z.object({ url: z.string(), backendUrl: z.string() });
const guestSchema = z.object({
  backstageIdentity: z.object({ token: z.string() }),
});
const contentSchema = z.object({ content: z.string(), sha: z.string() });
const committedSchema = z.object({ commit: z.object({ sha: z.string() }) });
const branchSchema = z.object({ commit: z.object({ id: z.string() }) });

/** The portal and the sandbox that `npm start` runs; another state folder by `BENCH_STATE`. */
export async function startedPortal() {
  const paths = new SandboxPaths(join(STATE, 'sandbox'));
  const connection = await readConnection(paths);
  if (!connection) throw new Error('Start the portal first: npm start');
  const sandbox = new TestSandbox(connection, paths);
  const portal = portalSchema.parse(
    JSON.parse(await readFile(join(STATE, 'portal.json'), 'utf8')),
  );
  const run = (...args: string[]) =>
    platform(
      {
        ...portal,
        state: STATE,
        stop: async () => {},
        kill: async () => {},
        restart: async () => {},
        repositories: async () => [],
      },
      args,
    );
  const slugOf = (name: string) => `${connection.gitea.organization}/${name}`;
  const builtAt = async (name: string, version: string) => {
    const { address } = connection.registry;
    const tag = `${address}/v2/${slugOf(name)}/manifests/${version}`;
    const headers = { Accept: 'application/vnd.oci.image.manifest.v1+json' };
    while (!(await fetch(tag, { headers })).ok) await sleep(1000);
  };
  return {
    connection,
    sandbox,
    slugOf,
    builtAt,
    run,
    fetchApi: await signedIn(portal.backendUrl),

    /** Makes an image such as `postgres:17.6` on this machine, under `library/` of the registry. */
    async prepareImage(image: string): Promise<void> {
      await execute(
        process.execPath,
        [
          join(ROOT, 'packages/sandbox/bin/sandbox'),
          ...['images', image, '--state', paths.state],
        ],
        { maxBuffer: 64 * 1024 * 1024 },
      );
    },

    /**
     * Changes a file of a service by a commit, as a developer would.
     *
     * @returns the commit
     */
    async commit(
      name: string,
      file: string,
      change: (text: string) => string,
    ): Promise<string> {
      const path = `repos/${slugOf(name)}/contents/${file}`;
      const { content, sha } = contentSchema.parse(
        await sandbox.askGitHost('GET', path),
      );
      const text = Buffer.from(content, 'base64').toString();
      const changed = change(text);
      if (changed === text) throw new Error(`${file} is not as is expected.`);
      const answer = await sandbox.askGitHost('PUT', path, {
        ...{ sha, message: `Change ${file}` },
        content: Buffer.from(changed).toString('base64'),
      });
      return committedSchema.parse(answer).commit.sha;
    },

    /**
     * Creates a service, and waits for its image.
     *
     * @returns its version
     */
    async create(name: string, ...options: string[]): Promise<string> {
      const created = await run(
        ...['service', 'create', name, '--type', 'api', '--language', 'go'],
        ...[...options, '--json'],
      );
      if (created.code !== 0) throw new Error(created.stderr);
      const branch = await sandbox.askGitHost(
        'GET',
        `repos/${slugOf(name)}/branches/main`,
      );
      const version = branchSchema.parse(branch).commit.id;
      await builtAt(name, version);
      return version;
    },
  };
}

async function signedIn(backendUrl: string): Promise<FetchApi> {
  const response = await fetch(`${backendUrl}/api/auth/guest/refresh`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  const { token } = guestSchema.parse(await response.json()).backstageIdentity;
  return {
    fetch: (input, init) =>
      fetch(String(input).replace('plugin://', `${backendUrl}/api/`), {
        ...init,
        headers: { ...init?.headers, Authorization: `Bearer ${token}` },
      }),
  };
}
