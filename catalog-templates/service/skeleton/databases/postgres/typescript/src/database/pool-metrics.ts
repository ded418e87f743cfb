import type pg from 'pg';
import { Gauge, type Registry } from 'prom-client';

/** How full the pool is, read at each scrape. */
export function observePool(pool: pg.Pool, max: number, registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('db_pool_connections_in_use', 'Connections that are lent out.', () => {
    return pool.totalCount - pool.idleCount;
  });
  gauge('db_pool_connections_idle', 'Open connections that wait for use.', () => pool.idleCount);
  gauge('db_pool_connections_max', 'Most connections that may be open.', () => max);
}
