import { EnvironmentDetail } from '@highroad/plugin-environments-common';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { OpenLink } from '../parts/OpenLink';
import { PhaseLabel } from '../parts/PhaseLabel';
import { PlainTable } from '../parts/PlainTable';
import { Section } from '../parts/Section';
import { phaseOfPart } from '../words/phases';

/** What runs in it. */
export function Services({ environment }: { environment: EnvironmentDetail }) {
  const { services } = environment.status;
  return (
    <Section title="Services">
      {services.length === 0 ? (
        <Typography color="text.secondary" sx={{ fontSize: 14 }}>
          None was started yet.
        </Typography>
      ) : (
        <PlainTable
          label="Services"
          columns={['Name', 'State', 'Pods', 'Address', 'Image']}
        >
          {services.map(one => (
            <TableRow key={one.name}>
              <TableCell component="th" scope="row">
                {one.name}
              </TableCell>
              <TableCell>
                <PhaseLabel phase={phaseOfPart(one.state)}>
                  {one.state.replace(/-/g, ' ')}
                </PhaseLabel>
                {one.message && (
                  <Typography color="text.secondary" sx={{ fontSize: 13 }}>
                    {one.message}
                  </Typography>
                )}
              </TableCell>
              <TableCell
                sx={{
                  fontVariantNumeric: 'tabular-nums',
                  whiteSpace: 'nowrap',
                }}
              >
                {one.ready} of {one.replicas}
              </TableCell>
              <TableCell>{one.url && <OpenLink url={one.url} />}</TableCell>
              <TableCell sx={{ overflowWrap: 'anywhere' }}>
                {one.image}
                {one.commit && (
                  <Typography color="text.secondary" sx={{ fontSize: 13 }}>
                    Manifests at {one.commit.slice(0, 7)}
                  </Typography>
                )}
              </TableCell>
            </TableRow>
          ))}
        </PlainTable>
      )}
    </Section>
  );
}
