import { ManifestProblem } from '@highroad/plugin-environments-common';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';

/** What to correct, by line and field. Says so too where there is nothing. */
export function Problems({ problems }: { problems: ManifestProblem[] }) {
  if (problems.length === 0) {
    return <Alert severity="success">The manifest is valid.</Alert>;
  }
  return (
    <Alert severity="error">
      <Box component="ul" aria-label="What to correct" sx={{ m: 0, pl: 2 }}>
        {problems.map(({ field, line, message }) => (
          <li key={`${field} ${message}`}>
            {line && `Line ${line}, `}
            {field && <code>{field}</code>}
            {field && ': '}
            {message}
          </li>
        ))}
      </Box>
    </Alert>
  );
}
