import { SignalApi } from '@backstage/plugin-signals-react';
import { METRICS_CHANNEL } from '@highroad/plugin-metrics-common';

/** What the backend tells open pages, as a test says. */
export function signalling() {
  const listeners = new Set<() => void>();
  const signals: SignalApi = {
    subscribe: (channel, onMessage) => {
      if (channel !== METRICS_CHANNEL) throw new Error(`What is ${channel}?`);
      const listener = () => onMessage({} as never);
      listeners.add(listener);
      return { unsubscribe: () => listeners.delete(listener) };
    },
  };
  return { signals, tell: () => listeners.forEach(one => one()) };
}
