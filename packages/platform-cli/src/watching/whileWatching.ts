import { CliError } from '../errors';
import { untilInterrupted } from './untilInterrupted';

/**
 * Watches something until it is as it was asked for, for a while at most. Interrupting stops the watching, nothing else.
 *
 * @param options.timeout - in seconds
 * @param options.late - what is said where that is over
 * @param options.interrupted - what is said where somebody interrupts it
 * @throws what `work` throws, or what the options say
 */
export async function whileWatching<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: {
    timeout: number;
    late: () => CliError;
    interrupted: () => CliError;
  },
): Promise<T> {
  const deadline = AbortSignal.timeout(options.timeout * 1000);
  return untilInterrupted(async interrupted => {
    const signal = AbortSignal.any([deadline, interrupted]);
    try {
      return await work(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw interrupted.aborted ? options.interrupted() : options.late();
    }
  });
}
