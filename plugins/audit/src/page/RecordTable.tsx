import {
  doorText,
  endingOf,
  LedgerRecord,
  nameIn,
  whatText,
  whereText,
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
import { Suspicion } from '../record/Suspicion';

/** One line each: what is too long ends in dots, and is whole on hover and beside the list. */
const LINES = {
  tableLayout: 'fixed',
  minWidth: 880,
  '& th, & td': {
    py: 0.75,
    whiteSpace: 'nowrap',
    wordBreak: 'normal',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
} as const;

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
  const suspect = items.some(record => record.suspect);
  return (
    <TableContainer component={Paper} variant="outlined">
      <Table size="small" aria-label="Records" sx={LINES}>
        <TableHead>
          <TableRow>
            <TableCell sx={{ width: 136 }}>When</TableCell>
            <TableCell sx={{ width: '17%' }}>Who</TableCell>
            <TableCell>Did what</TableCell>
            {!ofOne && <TableCell sx={{ width: '15%' }}>To</TableCell>}
            <TableCell sx={{ width: '12%' }}>In</TableCell>
            <TableCell sx={{ width: 104 }}>By</TableCell>
            <TableCell sx={{ width: suspect ? 200 : 136 }}>Outcome</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map(record => (
            <TableRow
              key={record.seq}
              hover
              selected={fresh.has(record.seq)}
              data-seq={record.seq}
              // The button is what keyboards and screen readers open it by.
              onClick={() => {
                if (!window.getSelection()?.toString()) onOpen(record.id);
              }}
              sx={{ cursor: 'pointer' }}
            >
              <TableCell sx={{ fontVariantNumeric: 'tabular-nums' }}>
                <RelativeTime time={record.startedAt ?? record.at} />
              </TableCell>
              <TableCell title={record.actor.ref}>{whoText(record)}</TableCell>
              <TableCell
                component="th"
                scope="row"
                title={`${whatText(record)}: ${record.plugin}.${record.event}`}
              >
                <ButtonBase
                  onClick={event => {
                    event.stopPropagation();
                    onOpen(record.id);
                  }}
                  sx={{
                    display: 'block',
                    maxWidth: '100%',
                    overflow: 'hidden',
                    textOverflow: 'ellipsis',
                    font: 'inherit',
                    lineHeight: 1.5,
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
              <TableCell title={whereText(record)}>
                {whereText(record)}
              </TableCell>
              <TableCell title={doorText(record.door)}>{record.door}</TableCell>
              <TableCell
                // What is wrong with a record is said whole, in two lines where it must be.
                sx={record.suspect && { '&&': { whiteSpace: 'normal' } }}
              >
                {record.suspect ? (
                  <Suspicion record={record} />
                ) : (
                  <Ending ending={endingOf(record)} />
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
