import { useApi } from '@backstage/core-plugin-api';
import { useState } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import useInterval from 'react-use/esm/useInterval';
import { SecretsApi, secretsApiRef } from '../api';

/** How often it is asked again while secrets cannot be reached. */
const AGAIN_MS = 10_000;

export type StoreStatus = Awaited<ReturnType<SecretsApi['status']>>;

/** How the store for secrets is doing; nothing until that is known. Asked again while secrets cannot be reached. */
export function useStoreStatus(): StoreStatus | undefined {
  const api = useApi(secretsApiRef);
  // Kept where it cannot be asked: it is not known to be well then.
  const [value, setValue] = useState<StoreStatus>();
  const { retry } = useAsyncRetry(
    async () => setValue(await api.status({})),
    [api],
  );
  useInterval(retry, isDown(value) ? AGAIN_MS : null);
  return value;
}

function isDown(status: StoreStatus | undefined): boolean {
  return (
    status !== undefined && !['ready', 'not-connected'].includes(status.state)
  );
}
