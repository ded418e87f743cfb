import { Deviation } from '@highroad/plugin-deployments-common';
import { Followed, reasonOf } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { countText, latest } from './latest';

/** How many guardrails are lifted in all, and the way to see where. Nothing where none ever was. */
export function BoardDeviations(props: {
  followed: Followed<Deviation[]>;
  /** Whether only services with one are shown */
  only: boolean;
  onOnly: (only: boolean) => void;
}) {
  const { followed, only, onOnly } = props;
  const { value, error } = followed;
  // What is not known is never shown as none.
  const text = value
    ? countText(latest(value))
    : error && `Which guardrails are lifted is not known: ${reasonOf(error)}`;
  if (!text && !only) return null;
  return (
    <Typography role="status" sx={{ fontSize: 14, mb: 2 }}>
      {text || 'No guardrail is lifted'}.{' '}
      {value && (
        <Button size="small" onClick={() => onOnly(!only)}>
          {only ? 'Show all services' : 'Show where'}
        </Button>
      )}
    </Typography>
  );
}
