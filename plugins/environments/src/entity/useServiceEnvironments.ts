import { Entity } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import {
  Environment,
  ENVIRONMENTS_CHANNEL,
} from '@highroad/plugin-environments-common';
import { useFollowed, useNews } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { environmentsApiRef } from '../api';
import { addressesOf, isOfService } from './isOfService';

/** Where a service is; `notConnected` says why there can be none. */
export interface ServiceEnvironments {
  /** Newest first */
  items: Environment[];
  notConnected?: string;
}

/**
 * The environments of a service, kept up to date while one looks at them: no others are asked for, however many there are.
 *
 * @param options.everyMs - how often they are asked for where nobody tells of changes, in milliseconds
 * @param options.paceMs - how long they are left alone after each look, in milliseconds
 */
export function useServiceEnvironments(
  entity: Entity,
  options: { everyMs: number; paceMs: number },
) {
  const { everyMs, paceMs } = options;
  const api = useApi(environmentsApiRef);
  const news = useNews(ENVIRONMENTS_CHANNEL);
  return useFollowed(
    useCallback(
      async (
        last: ServiceEnvironments | undefined,
        signal: AbortSignal,
      ): Promise<ServiceEnvironments> => {
        if (last) await news.wait(everyMs, signal, paceMs);
        const repository = addressesOf(entity);
        const answers = await Promise.all([
          api.list({ service: entity.metadata.name }, { signal }),
          ...(repository.length > 0
            ? [api.list({ repository }, { signal })]
            : []),
        ]);
        const found = new Map(
          answers
            .flatMap(({ items }) => items)
            .filter(one => isOfService(one, entity))
            .map(one => [`${one.home}/${one.name}`, one]),
        );
        const [{ notConnected }] = answers;
        return {
          items: [...found.values()].sort((one, other) =>
            other.createdAt.localeCompare(one.createdAt),
          ),
          ...(notConnected && { notConnected }),
        };
      },
      [api, entity, everyMs, news, paceMs],
    ),
  );
}
