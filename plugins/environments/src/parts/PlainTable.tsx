import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { ReactNode } from 'react';

/** One line a row, dense, with a name for who hears it. */
export function PlainTable(props: {
  label: string;
  columns: string[];
  children: ReactNode;
}) {
  const { label, columns, children } = props;
  return (
    <TableContainer component={Paper} variant="outlined">
      <Table
        size="small"
        aria-label={label}
        sx={{ '& td, & th': { fontSize: 14, verticalAlign: 'top' } }}
      >
        <TableHead>
          <TableRow>
            {columns.map(column => (
              <TableCell key={column} sx={{ whiteSpace: 'nowrap' }}>
                {column}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </TableContainer>
  );
}
