/** How somebody came in. */
export const doors = [
  'portal',
  'cli',
  'action',
  'controller',
  'webhook',
  /** A program that says nothing more of itself */
  'api',
  /** The platform itself, on no one's request */
  'system',
] as const;
export type Door = (typeof doors)[number];

/** Says which door a program is; for programs of ours, and for records only: nothing is allowed or refused by it. */
export const DOOR_HEADER = 'x-highroad-door';
/** Ties together what belongs to one request, across services. Taken over if it fits, else made. */
export const CORRELATION_HEADER = 'x-correlation-id';

/** Who did something. */
export type AuditActor = {
  kind: 'user' | 'service' | 'none';
  /** An entity reference, or the subject of a token */
  ref: string;
};

/**
 * What a record says beside what happened. It is given to the standard auditor service under the key `platform` of
 * `meta`, since that service knows requests only.
 */
export type AuditContext = {
  /** Without it, the sender of the request */
  actor?: AuditActor;
  door?: Door;
  /** Reference of the service that it is about, such as `component:default/cart` */
  service?: string;
  /** Name of the environment that it is about */
  environment?: string;
  correlation?: string;
  /** Why, in the person's own words */
  reason?: string;
  /** Whether it was refused rather than tried */
  refused?: boolean;
};
