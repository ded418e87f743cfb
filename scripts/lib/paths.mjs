import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../..',
);

/** Everything a running portal writes: databases, created repositories, logs. Ignored by Git. */
export const STATE = path.join(ROOT, '.highroad');

/** What can be made again, shared by checkouts: Node, Yarn, tools of the tests. */
export const CACHE =
  process.env.HIGHROAD_CACHE ??
  path.join(
    process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'),
    'highroad',
  );
