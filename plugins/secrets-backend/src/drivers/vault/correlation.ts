import {
  Implementation,
  Implementations,
} from '@highroad/plugin-platform-node';
import { Operations } from '@highroad/plugin-platform-common';
import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Id of the record under which this is done; none where nothing is recorded. */
export function currentCorrelation(): string | undefined {
  return storage.getStore();
}

/** Does something that is recorded under an id. Vault is told it with every request, for its own audit log. */
export function correlated<T>(id: string, work: () => T): T {
  return storage.run(id, work);
}

/** Has every operation do its work under the id of its record. */
export function correlating<T extends Operations>(
  implementations: Implementations<T>,
): Implementations<T> {
  const all: Implementations<T> = { ...implementations };
  for (const name of Object.keys(all) as Array<keyof T>) {
    const { handle, ...rest }: Implementation<T[keyof T]> = all[name];
    all[name] = {
      ...rest,
      handle: call => correlated(call.correlation, () => handle(call)),
    };
  }
  return all;
}
