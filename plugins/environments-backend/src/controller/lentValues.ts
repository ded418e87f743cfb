import {
  EnvironmentServiceSpec,
  serviceRefOf,
} from '@highroad/plugin-environments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { createHash } from 'node:crypto';
import { VALUES_ANNOTATION } from './objects/databaseSecret';

/** On a Secret: what its programs began with, where that is older than what it holds, and since when. */
export const BEGUN_WITH_ANNOTATION = 'platform.myorg.com/values-begun-with';
/** Values that change within so long of the first are one restart, in milliseconds. */
export const RESTART_AFTER_MS = 10_000;

/** What a service of an environment asks for. */
export interface Asked {
  /** Its reference */
  service: string;
  /** Each once, in order */
  keys: string[];
  variables: Array<{ variable: string; key: string }>;
  /** Another one where the manifest asks for others */
  manifest: string;
}

/**
 * @param secretsFrom - the standing environment that they are lent from
 * @returns nothing where it asks for none
 */
export function askedBy(
  { name, env }: EnvironmentServiceSpec,
  secretsFrom: string | undefined,
): Asked | undefined {
  const variables = env.flatMap(({ name: variable, secret }) =>
    secret ? [{ variable, key: secret.key }] : [],
  );
  if (variables.length === 0) return undefined;
  return {
    service: serviceRefOf(name),
    keys: [...new Set(variables.map(({ key }) => key))].sort(),
    variables,
    manifest: hash([secretsFrom, variables]),
  };
}

/** What the values that are the newest are called; it tells nothing of them. */
export function newestValues(
  { keys, manifest }: Asked,
  newest: Record<string, number>,
): string {
  return `${manifest}.${hash(keys.map(key => newest[key] ?? 0))}`;
}

/** What values a Secret holds, as {@link newestValues} calls them. */
export function heldValues(
  secret: KubernetesObject | undefined,
): string | undefined {
  return secret?.metadata.annotations?.[VALUES_ANNOTATION];
}

/** Whether a Secret holds what a service was lent, rather than what a database is reached with. */
export function isLent(secret: KubernetesObject): boolean {
  return /^[0-9a-f]{16}\.[0-9a-f]{16}$/.test(heldValues(secret) ?? '');
}

/** What programs began with, while it is too soon to restart them for what came after. */
export interface BegunWith {
  values: string;
  /** When they are to be restarted */
  restartAt: Date;
}

/** @returns what a Secret says that programs began with, also where they are to have been restarted since */
export function begunBefore(
  secret: KubernetesObject | undefined,
): BegunWith | undefined {
  const [values, since] =
    secret?.metadata.annotations?.[BEGUN_WITH_ANNOTATION]?.split(' ') ?? [];
  const changedAt = Date.parse(since ?? '');
  if (!values || Number.isNaN(changedAt)) return undefined;
  return { values, restartAt: new Date(changedAt + RESTART_AFTER_MS) };
}

/** @returns nothing where programs have, or are to have, what the Secret holds */
export function begunWith(
  secret: KubernetesObject | undefined,
  now: Date,
): BegunWith | undefined {
  const begun = begunBefore(secret);
  return begun && begun.restartAt > now ? begun : undefined;
}

/** As {@link begunWith} reads it. */
export function begunWithMark({ values, restartAt }: BegunWith): string {
  const since = new Date(restartAt.getTime() - RESTART_AFTER_MS);
  return `${values} ${since.toISOString()}`;
}

function hash(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value))
    .digest('hex')
    .slice(0, 16);
}
