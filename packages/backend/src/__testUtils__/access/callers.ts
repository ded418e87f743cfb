import { Role } from './accessTable';

export const SERVICE = 'component:default/payment-service';
export const OWNER = 'user:default/jonas.lind';
export const ADMIN = 'user:default/priya.raman';
/** Owns another service */
const OTHER_OWNER = 'user:default/mei.tanaka';
export const OTHER_SERVICE = 'component:default/storefront-web';
/** Of a machine that the configuration does not know */
export const UNKNOWN_TOKEN = 'unknown';
/** Subjects of the tokens of machines */
export const TOKENS = ['ci-payment', 'ci-cart', UNKNOWN_TOKEN];

/** Who calls. Each role may be several: all of them must be treated alike. */
export const callers: Record<Role, string[]> = {
  'Not signed in': [''],
  // Of teams that own other things: each asks with this team's ids.
  Anyone: [OTHER_OWNER, 'user:default/hanna.weiss'],
  Owner: [OWNER, 'user:default/amara.okafor'],
  Auditor: ['user:default/samuel.adeyemi'],
  'Platform team': [ADMIN],
  'Token of the service': ['ci-payment'],
  'Token of another': ['ci-cart'],
};

/** Services that somebody owns, of the two that something is recorded about. */
export function ownServices(caller: string): string[] {
  if ([...callers.Owner, 'ci-payment'].includes(caller)) return [SERVICE];
  return caller === OTHER_OWNER ? [OTHER_SERVICE] : [];
}

const operations = [
  'platform.audit.record.read',
  'platform.deployment.read',
  'platform.environment.read',
  'platform.environment.create',
  'platform.environment.operate',
  'platform.environment.keep',
  'platform.environment.delete',
  'platform.deployment.create',
  'platform.deployment.rollback',
  'platform.deployment.approve',
  'platform.metrics.read',
  'platform.metrics.ingest',
  'platform.secret.read',
  'platform.secret.set',
  'platform.secret.reveal',
  'platform.secret.reveal-production',
  'platform.secret.count',
];

/** Configuration under `platform.access`. */
export const accessConfig = {
  admins: ['group:default/platform-team'],
  auditors: ['user:default/samuel.adeyemi'],
  machines: [
    {
      subject: 'ci-payment',
      services: [SERVICE],
      environments: ['staging', 'testing', 'production'],
      operations,
    },
    {
      subject: 'ci-cart',
      services: ['component:default/cart'],
      environments: ['*'],
      operations,
    },
  ],
};
