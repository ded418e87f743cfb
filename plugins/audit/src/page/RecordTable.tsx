import {
  doorText,
  endingOf,
  LedgerRecord,
  nameIn,
  whatText,
  whoText,
} from '@highroad/plugin-audit-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import ButtonBase from '@mui/material/ButtonBase';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { Ending } from '../record/Ending';

const WHOLE = { whiteSpace: 'nowrap', wordBreak: 'normal' } as const;

/** One line a record, which reads as a sentence from left to right. */
export function RecordTable(props: {
  items: LedgerRecord[];
  /** Numbers of those that came while one was looking */
  fresh: Set<number>;
  /** All are of one service, which need not be repeated */
  ofOne: boolean;
  onOpen: (id: string) => void;
}) {
  const { items, fresh, ofOne, onOpen } = props;
  return (
    <TableContainer component={Paper} variant="outlined">
      <Table size="small" aria-label="Records">
        <TableHead>
          <TableRow>
            <TableCell sx={WHOLE}>When</TableCell>
            <TableCell sx={WHOLE}>Who</TableCell>
            <TableCell>Did what</TableCell>
            {!ofOne && <TableCell>To</TableCell>}
            <TableCell sx={WHOLE}>In</TableCell>
            <TableCell sx={WHOLE}>By</TableCell>
            <TableCell sx={WHOLE}>Outcome</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map(record => (
            <TableRow
              key={record.seq}
              hover
              selected={fresh.has(record.seq)}
              data-seq={record.seq}
            >
              <TableCell sx={{ ...WHOLE, fontVariantNumeric: 'tabular-nums' }}>
                <RelativeTime time={record.startedAt ?? record.at} />
              </TableCell>
              <TableCell sx={WHOLE} title={record.actor.ref}>
                {whoText(record)}
              </TableCell>
              <TableCell
                component="th"
                scope="row"
                title={`${record.plugin}.${record.event}`}
              >
                <ButtonBase
                  onClick={() => onOpen(record.id)}
                  sx={{
                    font: 'inherit',
                    textAlign: 'left',
                    color: 'primary.main',
                    '&:hover, &.Mui-focusVisible': {
                      textDecoration: 'underline',
                    },
                  }}
                >
                  {whatText(record)}
                </ButtonBase>
              </TableCell>
              {!ofOne && (
                <TableCell title={record.service}>
                  {record.service && nameIn(record.service)}
                </TableCell>
              )}
              <TableCell sx={WHOLE}>{record.environment}</TableCell>
              <TableCell sx={WHOLE} title={doorText(record.door)}>
                {record.door}
              </TableCell>
              <TableCell sx={WHOLE}>
                <Ending ending={endingOf(record)} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
