import { useState } from 'react';
import useAsync from 'react-use/esm/useAsync';
import useInterval from 'react-use/esm/useInterval';

/** What is new is looked for this often, while somebody looks. */
const PACE_MS = 5_000;

/**
 * An answer as it is now. The last one stays while a new one is on its way, as long as it is about the same.
 *
 * @param about - what it is about
 * @param asked - all that is asked for
 */
export function useRefreshed<T>(
  { about, asked }: { about: string; asked: string },
  load: () => Promise<T>,
): { value?: T; loading: boolean; error?: Error; retry: () => void } {
  const [round, setRound] = useState(0);
  const [last, setLast] = useState<{ about: string; value: T }>();
  const { loading, error } = useAsync(async () => {
    const value = await load();
    setLast({ about, value });
  }, [asked, round]);
  useInterval(
    () => {
      if (!document.hidden) setRound(before => before + 1);
    },
    loading ? null : PACE_MS,
  );
  return {
    ...{ loading, error },
    value: last?.about === about ? last.value : undefined,
    retry: () => setRound(before => before + 1),
  };
}
