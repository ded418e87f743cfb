import { SecretVault } from './SecretVault';
import { VaultSession } from './VaultSession';
import { VaultSettings } from './VaultSettings';

/** The store, with a session for each of the platform's roles. Connects when it is first used. */
export function createVault(
  settings: VaultSettings,
  now: () => Date,
): SecretVault {
  const session = (role: 'write' | 'reveal' | 'sync') =>
    new VaultSession({
      settings,
      auth: settings.auth[role],
      now: () => now().getTime(),
    });
  return new SecretVault({
    mount: settings.mount,
    sessions: {
      write: session('write'),
      reveal: session('reveal'),
      sync: session('sync'),
    },
  });
}
