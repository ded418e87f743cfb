import { SecretValue } from '@highroad/plugin-platform-common';

/** Lends environments the secrets of services. */
export interface SecretSource {
  /** @returns reference of the group that owns it; undefined for one that the catalog does not know */
  ownerOf(service: string): Promise<string | undefined>;
  /** Versions of a service's secrets, by key: another one, another value. Asking is not recorded, so it may be done often. */
  newest(service: string): Promise<Record<string, number>>;
  /**
   * Values of keys, by key, as base64. It is recorded who got them.
   *
   * @param to - name of the environment
   * @throws SecretProblem where a person has to do something before they can be had
   */
  lend(
    service: string,
    keys: string[],
    to: string,
  ): Promise<Map<string, SecretValue>>;
}

/** What a person has to change before secrets can be lent; the message says it. */
export class SecretProblem extends Error {
  readonly name = 'SecretProblem';
}
