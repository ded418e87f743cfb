import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { useState } from 'react';
import { DeployButton } from '../ask/DeployButton';
import { PromoteDialog } from '../ask/PromoteDialog';
import { RollbackDialog } from '../ask/RollbackDialog';
import { useRights } from '../ask/useRights';
import { Place } from '../board/board';
import { PlaceCell } from '../board/PlaceCell';
import { Places } from './usePlaces';

type Asking = { what: 'promote' | 'rollback'; place: Place };

/** What runs in each environment, with what can be done about it. */
export function PlaceTable(props: { service: string; known: Places }) {
  const { service, known } = props;
  const { environments, places } = known;
  const rights = useRights(service);
  const [asking, setAsking] = useState<Asking>();
  const close = () => setAsking(undefined);
  const configured = new Set(environments.map(({ name }) => name));
  return (
    <>
      <TableContainer>
        <Table
          size="small"
          aria-label="What runs where"
          sx={{ '& td, & th': { px: 1, wordBreak: 'normal' } }}
        >
          <TableHead>
            <TableRow>
              <TableCell>Environment</TableCell>
              <TableCell>Version</TableCell>
              <TableCell align="right">
                {(rights.create || rights.rollback) && 'Change'}
              </TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {places.map(place => {
              const { environment, running, latest } = place;
              const here = configured.has(environment);
              return (
                <TableRow key={environment}>
                  <TableCell component="th" scope="row">
                    {environment}
                  </TableCell>
                  <TableCell sx={{ fontVariantNumeric: 'tabular-nums' }}>
                    <PlaceCell place={running || latest ? place : undefined} />
                  </TableCell>
                  <TableCell align="right">
                    <Stack
                      direction="row"
                      spacing={1}
                      useFlexGap
                      flexWrap="wrap"
                      justifyContent="flex-end"
                    >
                      {here && rights.create && (
                        <DeployButton {...{ service, environment }} />
                      )}
                      {running && rights.create && environments.length > 1 && (
                        <Button
                          size="small"
                          variant="outlined"
                          onClick={() => setAsking({ what: 'promote', place })}
                        >
                          Promote…
                        </Button>
                      )}
                      {here && (running || latest) && rights.rollback && (
                        <Button
                          size="small"
                          variant="outlined"
                          onClick={() => setAsking({ what: 'rollback', place })}
                        >
                          Roll back…
                        </Button>
                      )}
                    </Stack>
                  </TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      </TableContainer>
      {asking?.what === 'rollback' && (
        <RollbackDialog
          service={service}
          environment={asking.place.environment}
          onClose={close}
        />
      )}
      {asking?.what === 'promote' && asking.place.running && (
        <PromoteDialog
          running={asking.place.running}
          environments={environments}
          onClose={close}
        />
      )}
    </>
  );
}
