import { LoggerService } from '@backstage/backend-plugin-api';

/** Only what went wrong, on stderr. */
export const quietLogger: LoggerService = {
  error: (message: string) => process.stderr.write(`${message}\n`),
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => quietLogger,
};
