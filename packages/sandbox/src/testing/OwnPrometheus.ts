import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramCache } from '../cache/ProgramCache';
import { freePortFrom } from '../machine/ports';
import { programOnMachine } from '../machine/programOnMachine';
import { answers } from '../servers/http';
import { cachedProgram } from '../supervisor/preparedProgram';
import { pinOf } from '../upstream/programs';
import { until } from './vaultNode';

/** A Prometheus of a test's own, with rules that are the test's. */
export interface OwnPrometheus {
  address: string;
  /** Ends it and takes away what it kept */
  stop(): Promise<void>;
}

/**
 * Starts one that scrapes nobody, takes remote writes, and looks at its rules each second.
 *
 * @param cache - folder of the sandbox's programs
 * @param rules - a file of rules: JSON, which is YAML too
 */
export async function startOwnPrometheus(
  cache: string,
  rules: object,
): Promise<OwnPrometheus> {
  const pin = pinOf('prometheus');
  const cached = await new ProgramCache(cache).find(pin);
  const program = cached ? cachedProgram(cached) : await programOnMachine(pin);
  if (!program) throw new Error('Prometheus is not prepared on this machine.');
  const folder = await mkdtemp(join(tmpdir(), 'highroad-prometheus-'));
  const port = await freePortFrom(
    20_000 + Math.floor(Math.random() * 20_000),
    new Set(),
  );
  const address = `http://127.0.0.1:${port}`;
  const config = join(folder, 'prometheus.yml');
  await writeFile(join(folder, 'rules.yml'), JSON.stringify(rules));
  await writeFile(
    config,
    JSON.stringify({
      global: { evaluation_interval: '1s' },
      rule_files: ['rules.yml'],
    }),
  );
  const child = spawn(
    program.binary('prometheus'),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--log.level=warn',
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(async () => {
      if (!(await answers(`${address}/-/ready`))) {
        throw new Error(`Prometheus is not ready at ${address}.`);
      }
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, stop };
}
