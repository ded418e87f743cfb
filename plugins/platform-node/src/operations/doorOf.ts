import {
  CORRELATION_HEADER,
  Door,
  DOOR_HEADER,
} from '@highroad/plugin-platform-common';
import { randomUUID } from 'node:crypto';
import { Request } from 'express';

/**
 * The door that a request came in by: our own programs say it, browsers show it, and the rest are programs of others.
 * It is what the sender says of itself, and no more.
 */
export function doorOf(request: Request): Door {
  if (request.get(DOOR_HEADER) === 'cli') return 'cli';
  // Set by every browser, and by no page's script.
  return request.get('sec-fetch-mode') ? 'portal' : 'api';
}

/** The correlation id that a caller gave, if it is one, or a new one. */
export function correlationOf(request: Request): string {
  const given = request.get(CORRELATION_HEADER) ?? '';
  return /^[\w.:-]{8,64}$/.test(given) ? given : randomUUID();
}
