import { describeWithSandbox } from '../testing';
import { z } from 'zod';

const loginSchema = z.object({
  auth: z.object({ client_token: z.string(), policies: z.array(z.string()) }),
});

describeWithSandbox(
  'pods of the sandbox at its Vault',
  ['cluster', 'vault'],
  sandbox => {
    it('sign in by the token of their namespace, and of no other', async () => {
      const own = await sandbox.cluster();
      const other = await sandbox.cluster();
      const { address, request } = await sandbox.vault();
      const role = `auth/kubernetes/role/${own.namespace}`;
      await request('POST', role, {
        bound_service_account_names: ['default'],
        bound_service_account_namespaces: [own.namespace],
        token_policies: [own.namespace],
        token_ttl: '1m',
      });
      const login = async (cluster: typeof own) => {
        const jwt = await cluster.kubectl(['create', 'token', 'default']);
        return fetch(`${address}/v1/auth/kubernetes/login`, {
          method: 'POST',
          body: JSON.stringify({ role: own.namespace, jwt: jwt.trim() }),
        });
      };
      try {
        const signedIn = await login(own);
        expect(
          loginSchema.parse(await signedIn.json()).auth.policies,
        ).toContain(own.namespace);
        expect((await login(other)).status).toBe(403);
      } finally {
        await request('DELETE', role);
      }
    });
  },
);
