import { EnvironmentDetail } from '@highroad/plugin-environments-common';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { PhaseLabel } from '../parts/PhaseLabel';
import { PlainTable } from '../parts/PlainTable';
import { Section } from '../parts/Section';
import { phaseOfPart } from '../words/phases';

type Database = EnvironmentDetail['status']['databases'][number];

/** Its databases, and how far their seeds are. Nothing where it has none. */
export function Databases({ environment }: { environment: EnvironmentDetail }) {
  const { databases } = environment.status;
  if (databases.length === 0) return null;
  return (
    <Section title="Databases">
      <PlainTable label="Databases" columns={['Name', 'State', 'Seed', 'Kind']}>
        {databases.map(one => (
          <TableRow key={one.name}>
            <TableCell component="th" scope="row">
              {one.name}
            </TableCell>
            <TableCell>
              <PhaseLabel phase={phaseOfPart(one.state)}>
                {one.state}
              </PhaseLabel>
              {one.message && (
                <Typography color="text.secondary" sx={{ fontSize: 13 }}>
                  {one.message}
                </Typography>
              )}
            </TableCell>
            <TableCell>{seedText(one.seed)}</TableCell>
            <TableCell>
              {one.type}, by {one.driver}
            </TableCell>
          </TableRow>
        ))}
      </PlainTable>
    </Section>
  );
}

/** Such as `demo.sql: running, 40 %` or `demo.sql: failed at line 12`. */
export function seedText(seed: Database['seed']): string {
  if (!seed) return 'none';
  const { path, state, line, doneBytes, totalBytes } = seed;
  const far =
    state === 'running' && totalBytes && doneBytes !== undefined
      ? `, ${Math.floor((doneBytes / totalBytes) * 100)} %`
      : '';
  const where = state === 'failed' && line ? ` at line ${line}` : '';
  return `${path}: ${state}${far}${where}`;
}
