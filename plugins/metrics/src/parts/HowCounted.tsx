import { Link } from '@backstage/core-components';
import { Definition } from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';
import { PAGES } from '../runbooks';

/** What a number means, to be opened beside it. */
export function HowCounted({ definition }: { definition: Definition }) {
  const { formula, notes, sources } = definition;
  return (
    <Box component="details" sx={{ fontSize: 13 }}>
      <summary>How it is counted</summary>
      <p>{formula}</p>
      <ul style={{ paddingLeft: 18 }}>
        {notes.map(note => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <Link to={PAGES.definitions}>All definitions</Link>
      {sources.map((source, at) => (
        <span key={source}>
          {at > 0 ? ', ' : ', after '}
          <Link to={source}>{new URL(source).hostname}</Link>
        </span>
      ))}
    </Box>
  );
}
