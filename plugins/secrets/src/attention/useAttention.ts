import { useApi } from '@backstage/core-plugin-api';
import { Attention } from '@highroad/plugin-secrets-common';
import { useEffect, useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { secretsApiRef } from '../api';

/** What needs somebody, as far as it was asked for. */
export interface KnownAttention {
  items: Attention[];
  next?: number;
  missingUnknown?: string;
}

/** What needs somebody across services, a page at a time. Asked once: each look is on record. */
export function useAttention() {
  const api = useApi(secretsApiRef);
  const [known, setKnown] = useState<KnownAttention>();
  const [{ error, loading }, ask] = useAsyncFn(
    async (from: number) => {
      const { items, ...rest } = await api.attention({ from });
      setKnown(before => ({
        ...rest,
        items: from > 0 && before ? [...before.items, ...items] : items,
      }));
    },
    [api],
  );
  useEffect(() => {
    ask(0);
  }, [ask]);
  return { known, error, loading, ask };
}
