import { CORRELATION_HEADER } from '@highroad/plugin-platform-common';
import { randomUUID } from 'node:crypto';
import { Request } from 'express';

/** The correlation id that a caller gave, if it is one, or a new one. */
export function correlationOf(request: Request): string {
  const given = request.get(CORRELATION_HEADER) ?? '';
  return /^[\w.:-]{8,64}$/.test(given) ? given : randomUUID();
}
