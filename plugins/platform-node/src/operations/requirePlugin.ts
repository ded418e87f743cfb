import { NotAllowedError } from '@backstage/errors';
import { AuditActor } from '@highroad/plugin-platform-common';

/** Whether it is a plugin of this backend that asks, in its own name: neither a person nor a machine's token. */
export function isPlugin({ kind, ref }: AuditActor): boolean {
  return kind === 'service' && ref.startsWith('plugin:');
}

/**
 * For what plugins ask each other and nobody else needs, whatever their rights are.
 *
 * @param instead - a sentence or two for whoever is refused: who asks for this, and what people and machines do instead
 * @throws NotAllowedError that says so
 */
export function requirePlugin(actor: AuditActor, instead: string): void {
  if (!isPlugin(actor)) throw new NotAllowedError(instead);
}
