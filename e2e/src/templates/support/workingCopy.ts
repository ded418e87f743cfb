import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Copies a folder to where it can be changed, built and spoilt. */
export async function workingCopy(
  source: string,
): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'highroad-service-'));
  await cp(source, path, { recursive: true });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
