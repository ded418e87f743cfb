import Ajv, { ValidateFunction } from 'ajv';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../../support/portal';

const panelSchema = z
  .object({
    id: z.number(),
    type: z.string(),
    title: z.string(),
    gridPos: z.object({
      x: z.number(),
      y: z.number(),
      w: z.number(),
      h: z.number(),
    }),
    targets: z.array(z.object({ expr: z.string() }).passthrough()).optional(),
  })
  .passthrough();

const dashboardSchema = z
  .object({ panels: z.array(panelSchema) })
  .passthrough();

/** As much of a dashboard as the tests look into. */
export type Dashboard = z.infer<typeof dashboardSchema>;
export type Panel = z.infer<typeof panelSchema>;

export function parseDashboard(text: string): Dashboard {
  return dashboardSchema.parse(JSON.parse(text));
}

let validate: ValidateFunction | undefined;

/** @returns where a dashboard is not what `dashboardShape.ts` describes, a line each */
export function checkDashboard(dashboard: unknown): string[] {
  validate ??= new Ajv({ strict: false, allErrors: true }).compile(
    generateSchema(),
  );
  validate(dashboard);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** The generator is an ES module, which tests cannot import; it has a command line. */
function generateSchema(): object {
  const home = dirname(
    require.resolve('ts-json-schema-generator/package.json'),
  );
  const output = execFileSync(
    process.execPath,
    [
      join(home, 'bin/ts-json-schema-generator.js'),
      ...['--path', join(__dirname, 'dashboardShape.ts')],
      ...['--type', 'ServiceDashboard'],
      ...['--tsconfig', join(ROOT, 'tsconfig.json')],
      '--no-type-check',
    ],
    { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 },
  );
  return z
    .object({ definitions: z.record(z.unknown()) })
    .passthrough()
    .parse(JSON.parse(output));
}
