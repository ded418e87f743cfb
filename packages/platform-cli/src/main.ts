import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import { constants } from 'node:os';
import { exitCodes } from './exitCodes';
import { runPlatform } from './runPlatform';

/**
 * How long each address of a host may take to connect, in milliseconds. Node gives up after a quarter of a second, which a
 * busy machine or a far portal takes at times.
 */
const CONNECT_MS = 5_000;

/** Runs the command line of this process until the process ends, with the exit code that belongs to it. */
export async function main(): Promise<void> {
  setDefaultAutoSelectFamilyAttemptTimeout(CONNECT_MS);
  endWithoutReader();
  endOnSignals();
  const code = await runPlatform(process.argv.slice(2));
  // What could not be written is known once the stream is done with it; its error then ends the process.
  process.stdout.write('', error => {
    if (!error) process.exit(code);
  });
}

/** An answer that nobody gets is a failure, but for whoever reads no further, such as "head", and wants no more of it. */
function endWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    process.stderr.write(
      `✖ The answer could not be written.\n  ${error.message}\n  → Make room where it goes, or leave out the redirection.\n`,
    );
    process.exit(exitCodes.failed);
  });
  // Nobody is left to tell; the exit code still says how the command ended.
  process.stderr.on('error', () => {});
}

/** A signal ends the process with the code that shells give it, unless a command listens and has something to say first. */
function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Libraries listen too, from when they are loaded, and leave the rest to whoever else does.
    const others = process.listenerCount(signal);
    process.on(signal, () => {
      if (process.listenerCount(signal) > others + 1) return;
      process.exit(128 + constants.signals[signal]);
    });
  }
}
