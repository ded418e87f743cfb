import { LentKey, SecretSync } from '@highroad/plugin-secrets-common';

/** Environments on demand that are lent secrets of a standing one. */
export interface Previews {
  /**
   * Has them take what has changed. Takes a few seconds at most, and never fails: what could not be brought is `behind`.
   *
   * @param changed.deleted - those of the keys that have no value any more
   * @returns how far those are that ask for one of the keys
   */
  follow(changed: {
    service: string;
    environment: string;
    keys: string[];
    deleted: string[];
  }): Promise<SecretSync[]>;
}

/** What they are lent. */
export interface Loans {
  /**
   * Which keys of a service are given to which of them. Takes a few seconds at most, and never fails.
   *
   * @returns with why it is not known, in words, where it is not
   */
  lent(service: string): Promise<{ lent: LentKey[]; lentUnknown?: string }>;
}
