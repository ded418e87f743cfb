import { useEffect, useState } from 'react';

/**
 * The time in milliseconds, anew each second.
 *
 * @param running - whether it matters; else it stands still
 */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
