import { LoggerService } from '@backstage/backend-plugin-api';

/** Says nothing. */
export const quietLogger: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => quietLogger,
};
