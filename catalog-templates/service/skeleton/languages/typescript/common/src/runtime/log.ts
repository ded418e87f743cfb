import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

/** Writes one JSON object a line to standard output, with the fields time, level and msg. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
