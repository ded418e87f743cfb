import {
  describeWithSandbox,
  OwnVault,
  TestCluster,
  VaultPeer,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Portal } from './__testUtils__/Portal';
import { until } from './__testUtils__/SandboxWorld';

jest.setTimeout(180_000);

const healthSchema = z.object({ standby: z.boolean() });
const metadataSchema = z.object({
  data: z.object({ current_version: z.number() }),
});

/** Values of one key, set one after the other, and what was said to each. */
interface Writer {
  key: string;
  acknowledged: string[];
  refused: Array<{ value: string; text: string }>;
}

describeWithSandbox(
  'secrets, with a Vault of two nodes',
  ['cluster', 'vault'],
  sandbox => {
    const name = `standby-${randomBytes(3).toString('hex')}`;
    const service = `component:default/${name}`;
    const namespace = `${name}-staging`;
    const at = { service, environment: 'staging', key: 'URL' };
    let vault: OwnVault;
    let standby: VaultPeer;
    let cluster: TestCluster;
    let portal: Portal;

    beforeAll(async () => {
      vault = await sandbox.ownVault();
      standby = await vault.addStandby();
      cluster = await sandbox.cluster();
      await cluster.kubectl(
        ['apply', '-f', '-'],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Namespace' },
          metadata: {
            name: namespace,
            annotations: {
              'platform.myorg.com/service': service,
              'platform.myorg.com/environment': 'staging',
            },
          },
        }),
      );
      portal = await Portal.start(
        {
          vault: {
            url: standby.address,
            mount: vault.mount,
            // A busy machine takes its time to have another node be the active one.
            timeoutSeconds: 30,
            auth: vault.appRoles,
          },
          secrets: { pollSeconds: 0.3 },
          clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
          environments: [{ name: 'staging', cluster: 'test' }],
        },
        [service],
      );
    });
    afterAll(async () => {
      await portal?.stop();
      await cluster?.kubectl([
        ...['delete', 'namespace', namespace],
        ...['--wait=false', '--ignore-not-found'],
      ]);
    });

    /** Whether a node is a standby, also while it knows of no active one */
    const stands = async ({ address }: Pick<OwnVault, 'address'>) => {
      const answer = await fetch(`${address}/v1/sys/health`);
      return healthSchema.parse(await answer.json()).standby;
    };
    /** @returns the active node */
    const active = async () => {
      await until(
        async () => (await stands(vault)) !== (await stands(standby)),
        60_000,
      );
      return (await stands(vault)) ? standby : vault;
    };
    const held = async (key: string) =>
      Buffer.from(
        await cluster.kubectl([
          ...['get', 'secret', name, `--namespace=${namespace}`],
          ...['-o', `jsonpath={.data.${key}}`],
        ]),
        'base64',
      ).toString();

    it('are served through the standby as by the active node', async () => {
      expect(await stands(standby)).toBe(true);
      expect((await portal.call('status', {})).body).toMatchObject({
        state: 'ready',
      });
      const set = await portal.call('set', { ...at, value: 'first' });
      expect([set.status, set.body.changes]).toEqual([
        ...[200, [expect.objectContaining({ outcome: 'set', version: 1 })]],
      ]);
      expect(await held('URL')).toBe('first');
      const shown = await portal.call('reveal', {
        ...{ ...at, reason: 'for the test' },
      });
      expect(shown.body).toMatchObject({ value: 'first' });
      for (const call of ['delete', 'undelete'] as const) {
        expect((await portal.call(call, at)).status).toBe(200);
      }
    });

    it('lose nothing and are written once while the active node steps down, and again', async () => {
      let stopped = false;
      const write = async (key: string): Promise<Writer> => {
        const writer: Writer = { key, acknowledged: [], refused: [] };
        for (let turn = 0; !stopped; turn++) {
          const value = `${key}-${turn}`;
          const answer = await portal.call('set', { ...at, key, value });
          if (answer.status === 200) writer.acknowledged.push(value);
          else writer.refused.push({ value, text: answer.text });
        }
        return writer;
      };
      const writing = ['A', 'B', 'C'].map(write);
      for (let turn = 0; turn < 2; turn++) {
        const leader = await active();
        await sleep(1_000);
        await leader.request('PUT', 'sys/step-down');
        await until(async () => stands(leader));
        expect(await active()).not.toBe(leader);
        await sleep(1_000);
      }
      stopped = true;
      const writers = await Promise.all(writing);
      for (const { key, acknowledged, refused } of writers) {
        expect(refused).toEqual([]);
        expect(acknowledged.length).toBeGreaterThan(1);
        const answer = await vault.request(
          'GET',
          `${vault.mount}/metadata/staging/${name}/${key}`,
        );
        expect(metadataSchema.parse(answer).data.current_version).toBe(
          acknowledged.length,
        );
        await until(async () => (await held(key)) === acknowledged.at(-1));
      }
    });

    it('are refused in clear words while the active node is gone and no other can take over, and go on when one does', async () => {
      if ((await active()) === standby) {
        await standby.request('PUT', 'sys/step-down');
        await until(async () => (await active()) === vault);
      }
      // Of two, the one that is left has no majority.
      await vault.kill();
      const { status, body } = await portal.call('set', {
        ...{ ...at, value: 'nobody leads' },
      });
      expect([status, body.error?.message]).toEqual([
        503,
        expect.stringMatching(/vault-does-not-answer/),
      ]);
      await vault.revive();
      await vault.unseal();
      await active();
      const again = await portal.call('set', {
        ...at,
        value: 'somebody leads',
      });
      expect([again.status, again.text]).toEqual([200, again.text]);
      await until(async () => (await held('URL')) === 'somebody leads');
    });
  },
);
