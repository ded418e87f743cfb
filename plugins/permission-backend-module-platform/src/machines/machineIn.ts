import {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { MachineAccess } from '@highroad/plugin-platform-node';

/** @returns the subject of a token from outside that belongs to no person; nothing for people and plugins */
export function machineIn(
  credentials: BackstageCredentials,
  deps: { auth: AuthService; machines: MachineAccess },
): string | undefined {
  if (!isService(credentials, deps.auth)) return undefined;
  const { subject } = credentials.principal;
  return deps.machines.isOutside(subject) ? subject : undefined;
}

function isService(
  credentials: BackstageCredentials,
  auth: AuthService,
): credentials is BackstageCredentials<{ type: 'service'; subject: string }> {
  return auth.isPrincipal(credentials, 'service');
}
