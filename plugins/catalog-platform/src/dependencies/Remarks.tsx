import { DependencyAnswer } from '@highroad/plugin-catalog-platform-common';
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { shortName } from '../names';

const FEW = 5;

function unresolvedText(unresolved: DependencyAnswer['unresolved']): string {
  const named = unresolved
    .slice(0, FEW)
    .map(({ ref, from, field }) => `${ref} (in ${field} of ${shortName(from)})`)
    .join(', ');
  const more = unresolved.length - FEW;
  return `Not in the catalog, or not visible to you: ${named}${
    more > 0 ? ` and ${more} more` : ''
  }. What lies behind them is not counted.`;
}

/** What makes the answer incomplete, or strange. */
export function Remarks(props: {
  answer: DependencyAnswer;
  onDeeper?: () => void;
}) {
  const { answer, onDeeper } = props;
  return (
    <Stack spacing={1}>
      {answer.truncated && (
        <Alert severity="warning">
          There was too much to follow it all. Choose fewer steps for a whole
          answer.
        </Alert>
      )}
      {answer.deeper && (
        <Alert
          severity="info"
          action={
            onDeeper && (
              <Button color="inherit" size="small" onClick={onDeeper}>
                Look further
              </Button>
            )
          }
        >
          {`There is more beyond ${
            answer.depth === 1 ? 'the first step' : `${answer.depth} steps`
          }.`}
        </Alert>
      )}
      {answer.cycle && (
        <Alert severity="warning">
          {`It depends on itself: ${[
            answer.root.ref,
            ...answer.cycle.map(step => step.ref),
          ]
            .map(shortName)
            .join(' → ')}.`}
        </Alert>
      )}
      {answer.unresolved.length > 0 && (
        <Alert severity="warning">{unresolvedText(answer.unresolved)}</Alert>
      )}
    </Stack>
  );
}
