import { Configuration, KubernetesObjectApi } from '@kubernetes/client-node';
import { AsyncLocalStorage } from 'node:async_hooks';

const signals = new AsyncLocalStorage<AbortSignal>();

/** A client of a cluster whose requests can be given up: what was not sent by then is not sent any more. */
export class AbortableApi extends KubernetesObjectApi {
  constructor(configuration: Configuration) {
    const { httpApi } = configuration;
    super({
      ...configuration,
      httpApi: {
        send(request) {
          const signal = signals.getStore();
          if (signal) request.setSignal(signal);
          return httpApi.send(request);
        },
      },
    });
  }
}

/** Has all requests that some work makes end with a signal. */
export function abortedBy<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  return signals.run(signal, work);
}
