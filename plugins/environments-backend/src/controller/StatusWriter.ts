import {
  CONTROLLER_FIELD_MANAGER,
  EnvironmentStatus,
  KIND,
} from '@highroad/plugin-environments-common';
import { isDeepStrictEqual } from 'node:util';
import {
  ClusterClient,
  isNotFound,
} from '@highroad/plugin-platform-node/kubernetes';
import { EnvironmentResource } from '../service/EnvironmentResources';

/** Writes what is told of environments, only where it is not told already. */
export class StatusWriter {
  readonly #client: ClusterClient;

  constructor(options: { client: ClusterClient }) {
    this.#client = options.client;
  }

  /** @returns whether it was written */
  async write(
    { home, name, status: before }: EnvironmentResource,
    status: EnvironmentStatus,
  ): Promise<boolean> {
    if (isDeepStrictEqual(plain(before), plain(status))) return false;
    // What is not told any more has to be taken away by name.
    const gone = Object.fromEntries(
      Object.keys(before)
        .filter(key => !(key in status))
        .map(key => [key, null]),
    );
    try {
      await this.#client.patch(
        { kind: KIND, name, namespace: home },
        { status: { ...gone, ...status } },
        { manager: CONTROLLER_FIELD_MANAGER, subresource: 'status' },
      );
      return true;
    } catch (error) {
      // It has ended meanwhile.
      if (isNotFound(error)) return false;
      throw error;
    }
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
