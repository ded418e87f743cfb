import { AuditActor, Door, DOOR_HEADER } from './AuditContext';

/**
 * The door that a request came in by: our own programs say it, browsers show it, and the rest are programs of others.
 * It is what the sender says of itself, and no more.
 */
export function doorOf(
  request: { get(name: string): string | undefined },
  actor: AuditActor,
): Door {
  if (request.get(DOOR_HEADER) === 'cli') return 'cli';
  // Every browser says from which site it asks. `sec-fetch-mode` is no sign of one: Node's fetch sends that too.
  const browser = request.get('sec-fetch-site') !== undefined;
  return browser && actor.kind === 'user' ? 'portal' : 'api';
}
