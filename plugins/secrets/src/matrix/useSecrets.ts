import { useApi } from '@backstage/core-plugin-api';
import { Rotation, Secret, SecretSync } from '@highroad/plugin-secrets-common';
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
  sync: SecretSync[];
  /** Keys that are replaced by themselves */
  rotations: Rotation[];
}

/** Asked once, and again when something was done: each look is on record, so none is taken unasked. */
export function useSecrets(service: string) {
  const api = useApi(secretsApiRef);
  return useAsyncRetry(async (): Promise<Secrets> => {
    const [listed, { items: rotations }] = await Promise.all([
      api.list({ service }),
      api.rotations({ service }),
    ]);
    return { ...listed, rotations };
  }, [api, service]);
}
