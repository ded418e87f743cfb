import { WinstonLogger } from '@backstage/backend-defaults/rootLogger';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const configSchema = z.object({
  backend: z.object({
    logger: z.object({
      overrides: z.array(
        z.object({ matchers: z.record(z.string()), level: z.string() }),
      ),
    }),
  }),
});

describe('the request log of app-config.yaml', () => {
  const file = resolve(__dirname, '../../../../app-config.yaml');
  const { backend } = configSchema.parse(parse(readFileSync(file, 'utf8')));
  const { format, setOverrides } = WinstonLogger.logLevelFilter('info');
  setOverrides(backend.logger.overrides);
  const isWritten = (url: string, level = 'info') =>
    format.transform({
      ...{ level, message: `"POST ${url}"` },
      ...{ type: 'incomingRequest', url },
    }) !== false;

  it('has no line of who is asked or answers a survey', () => {
    expect(isWritten('/api/metrics/v1/survey/ask')).toBe(false);
    expect(isWritten('/api/metrics/v1/survey/answers')).toBe(false);
    expect(isWritten('/api/metrics/v1/survey/answers?x=1')).toBe(false);
  });

  it('has one of every other request', () => {
    expect(isWritten('/api/metrics/v1/survey/results')).toBe(true);
    expect(isWritten('/api/metrics/v1/summary')).toBe(true);
    expect(isWritten('/api/other/api/metrics/v1/survey/ask')).toBe(true);
  });
});
