import { useApi } from '@backstage/core-plugin-api';
import { useEffect, useState } from 'react';
import { SecretsApi, secretsApiRef } from '../api';

/** Typing is waited for this long before it is asked. */
const PAUSE_MS = 350;

type Asked = Parameters<SecretsApi['planRotation']>[0];
type Answer = Awaited<ReturnType<SecretsApi['planRotation']>>;

/** What becomes of a rule, or why it cannot be one; nothing while that is not known. */
export function usePlan(
  asked: Asked | undefined,
): { plan?: Answer; error?: Error } | undefined {
  const api = useApi(secretsApiRef);
  const [known, setKnown] = useState<{
    of: string;
    plan?: Answer;
    error?: Error;
  }>();
  // What is drawn anew with the same in it is asked no second time.
  const text = asked && JSON.stringify(asked);
  useEffect(() => {
    if (text === undefined) return undefined;
    let isWanted = true;
    const timer = setTimeout(async () => {
      const answer = await api.planRotation(JSON.parse(text)).then(
        plan => ({ plan }),
        error => ({ error }),
      );
      if (isWanted) setKnown({ of: text, ...answer });
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, text]);
  return known && known.of === text ? known : undefined;
}
