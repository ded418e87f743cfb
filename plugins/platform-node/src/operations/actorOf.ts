import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { AuditActor } from '@highroad/plugin-platform-common';
import { z } from 'zod';

const principalSchema = z.union([
  z.object({ type: z.literal('user'), userEntityRef: z.string() }),
  z.object({ type: z.literal('service'), subject: z.string() }),
]);

/** Who is behind credentials, as records name them. */
export function actorOf(credentials: BackstageCredentials): AuditActor {
  const parsed = principalSchema.safeParse(credentials.principal);
  if (!parsed.success) return { kind: 'none', ref: 'nobody' };
  return parsed.data.type === 'user'
    ? { kind: 'user', ref: parsed.data.userEntityRef }
    : { kind: 'service', ref: parsed.data.subject };
}
