import { useApi } from '@backstage/core-plugin-api';
import {
  DeployedUses,
  LentKey,
  Rotation,
  Secret,
  SecretSync,
  UnseenKey,
} from '@highroad/plugin-secrets-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { secretsApiRef } from '../api';

export interface Environment {
  name: string;
  production: boolean;
}

/** What a service has, and where. */
export interface Secrets {
  environments: Environment[];
  items: Secret[];
  /** What is there besides, and cannot be looked at */
  unseen: UnseenKey[];
  /** Keys that the platform makes with a first deployment */
  provided: string[];
  sync: SecretSync[];
  /** What environments on demand are given, and why that is not known where it is not */
  lent?: LentKey[];
  lentUnknown?: string;
  /** Keys that are replaced by themselves */
  rotations: Rotation[];
  /** What programs refer to; nothing where that cannot be seen now */
  uses?: DeployedUses[];
}

/** Asked once, and again when something was done: each look is on record, so none is taken unasked. */
export function useSecrets(service: string) {
  const api = useApi(secretsApiRef);
  return useAsyncRetry(async (): Promise<Secrets> => {
    const [listed, { items: rotations }, uses] = await Promise.all([
      api.list({ service }),
      api.rotations({ service }),
      // Keys are worth showing also where nobody knows who uses them; the page says so.
      api.uses(service).catch(() => undefined),
    ]);
    return { ...listed, rotations, uses };
  }, [api, service]);
}
