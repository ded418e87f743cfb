import { SecretVault } from './SecretVault';
import { ServicePolicies } from './ServicePolicies';
import { VaultSession } from './VaultSession';
import { VaultSettings } from './VaultSettings';
import { WorkloadRoles } from './WorkloadRoles';

/** The store, with a session for each of the platform's roles. Connects when it is first used. */
export function createVault(
  settings: VaultSettings,
  now: () => Date,
): SecretVault {
  const session = (role: 'write' | 'reveal' | 'sync') =>
    new VaultSession({
      ...{ settings, role },
      auth: settings.auth[role],
      now: () => now().getTime(),
    });
  return new SecretVault({
    ...{ mount: settings.mount, now },
    sessions: {
      write: session('write'),
      reveal: session('reveal'),
      sync: session('sync'),
    },
  });
}

/** @returns nothing where no role is configured that keeps policies */
export function createPolicies(
  settings: VaultSettings,
  now: () => Date,
): ServicePolicies | undefined {
  const { policies: auth } = settings.auth;
  if (!auth) return undefined;
  return new ServicePolicies(
    new VaultSession({
      ...{ settings, auth, role: 'policies' },
      now: () => now().getTime(),
    }),
    settings.mount,
  );
}

/** @returns for each cluster whose programs sign in at Vault themselves, their roles */
export function createWorkloadRoles(
  settings: VaultSettings,
  now: () => Date,
): Map<string, WorkloadRoles> {
  const { policies: auth } = settings.auth;
  if (!auth) return new Map();
  const session = new VaultSession({
    ...{ settings, auth, role: 'policies' },
    now: () => now().getTime(),
  });
  const { mount } = settings;
  return new Map(
    settings.workloads.map(({ cluster, mount: method }) => [
      cluster,
      new WorkloadRoles({ session, auth: method, mount }),
    ]),
  );
}
