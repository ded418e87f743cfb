import { Link } from '@backstage/core-components';
import { Finding } from '@highroad/plugin-catalog-platform-common';
import ErrorIcon from '@mui/icons-material/ErrorOutline';
import WarningIcon from '@mui/icons-material/WarningAmber';
import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';

const LEVELS = {
  error: { icon: <ErrorIcon color="error" fontSize="small" />, word: 'Error' },
  warning: {
    icon: <WarningIcon color="warning" fontSize="small" />,
    word: 'Warning',
  },
};

function Code(props: { children: string }) {
  return (
    <Box component="code" sx={{ fontSize: '0.85em', overflowWrap: 'anywhere' }}>
      {props.children}
    </Box>
  );
}

function FilePlace(props: { file: string }) {
  return /^https?:\/\//.test(props.file) ? (
    <Link to={props.file}>{props.file}</Link>
  ) : (
    <Code>{props.file}</Code>
  );
}

function One(props: { finding: Finding }) {
  const { finding } = props;
  const { icon, word } = LEVELS[finding.level];
  return (
    <Stack direction="row" spacing={1} component="li">
      <Box aria-hidden sx={{ pt: 0.25 }}>
        {icon}
      </Box>
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2">
          <strong>{`${word}: `}</strong>
          {finding.message}
        </Typography>
        <Typography variant="body2">{finding.fix}</Typography>
        <Typography
          variant="caption"
          color="text.secondary"
          component="p"
          sx={{ overflowWrap: 'anywhere' }}
        >
          <Code>{finding.field}</Code>
          {' is '}
          <Code>{finding.found || '(empty)'}</Code>
          {' in '}
          <FilePlace file={finding.file} />
        </Typography>
      </Box>
    </Stack>
  );
}

/** What is wrong, how to put it right, and where. */
export function FindingList(props: { findings: Finding[]; label: string }) {
  return (
    <Stack
      component="ul"
      aria-label={props.label}
      spacing={1.5}
      sx={{ listStyle: 'none', p: 0, m: 0 }}
    >
      {props.findings.map(finding => (
        <One
          key={`${finding.rule} ${finding.field} ${finding.found}`}
          finding={finding}
        />
      ))}
    </Stack>
  );
}
