import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The page on which it is written by hand, in the users' words. */
const PAGE = resolvePackagePath('backend', '../../docs/reference/access.md');

/** The columns of its table, as they are headed. */
export const roles = [
  'Not signed in',
  'Anyone',
  'Owner',
  'Auditor',
  'Platform team',
  'Token of the service',
  'Token of another',
] as const;
export type Role = (typeof roles)[number];

const verdictSchema = z.enum(['yes', 'no', 'theirs', 'hidden']);
export type Verdict = z.infer<typeof verdictSchema>;

export interface AccessLine {
  wish: string;
  /** `plugin.name` */
  operation: string;
  verdicts: Record<Role, Verdict>;
}

/** The table of what each role may do. */
export function readAccessTable(): AccessLine[] {
  const rows = readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('| '))
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    );
  const header = rows.findIndex(cells => cells[1] === 'Operation');
  const [, , ...headed] = rows[header];
  if (headed.join() !== roles.join()) {
    throw new Error(`The table is headed ${headed}, not ${roles}`);
  }
  return rows
    .slice(header + 1)
    .filter(cells => cells[1].startsWith('`'))
    .map(([wish, operation, ...cells]) => ({
      wish,
      operation: operation.replace(/`/g, ''),
      verdicts: z
        .record(z.enum(roles), verdictSchema)
        .parse(Object.fromEntries(roles.map((role, at) => [role, cells[at]]))),
    })) as AccessLine[];
}
