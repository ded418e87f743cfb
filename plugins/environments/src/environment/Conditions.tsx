import { EnvironmentDetail } from '@highroad/plugin-environments-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import DoneIcon from '@mui/icons-material/CheckOutlined';
import MissingIcon from '@mui/icons-material/CloseOutlined';
import UnknownIcon from '@mui/icons-material/HelpOutlineOutlined';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import { PlainTable } from '../parts/PlainTable';
import { Section } from '../parts/Section';
import { conditionText } from '../words/phases';

const ICONS = {
  True: <DoneIcon color="success" fontSize="small" titleAccess="yes" />,
  False: <MissingIcon color="warning" fontSize="small" titleAccess="no" />,
  Unknown: (
    <UnknownIcon color="action" fontSize="small" titleAccess="not known" />
  ),
};

/** What the controller found, one by one, in words. */
export function Conditions({
  environment,
}: {
  environment: EnvironmentDetail;
}) {
  const { conditions } = environment.status;
  if (conditions.length === 0) return null;
  return (
    <Section title="Step by step">
      <PlainTable label="Step by step" columns={['', 'What', 'Why', 'Since']}>
        {conditions.map(one => (
          <TableRow key={one.type}>
            <TableCell>{ICONS[one.status]}</TableCell>
            <TableCell>{conditionText(one)}</TableCell>
            <TableCell title={one.reason}>{one.message}</TableCell>
            <TableCell sx={{ whiteSpace: 'nowrap' }}>
              <RelativeTime time={one.lastTransitionTime} />
            </TableCell>
          </TableRow>
        ))}
      </PlainTable>
    </Section>
  );
}
