import { useEffect, useState } from 'react';
import useLatest from 'react-use/esm/useLatest';
import { PAUSE_MS } from './fields';

/**
 * Text that is being typed, and told of once nobody has typed for a moment.
 *
 * @param given - what stands there otherwise
 * @param onTyped - told of what is not what is given
 */
export function useTyped(given: string, onTyped: (typed: string) => void) {
  const [typed, setTyped] = useState(given);
  // A list that changes meanwhile is no reason to wait anew.
  const latest = useLatest(onTyped);
  useEffect(() => setTyped(given), [given]);
  useEffect(() => {
    if (typed === given) return undefined;
    const timer = setTimeout(() => latest.current(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, given, latest]);
  return [typed, setTyped] as const;
}
