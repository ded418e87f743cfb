import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  EntityInfoCard,
  EntityRefLink,
  useEntity,
} from '@backstage/plugin-catalog-react';
import {
  DEFAULT_DEPTH,
  DependencyAnswer,
} from '@highroad/plugin-catalog-platform-common';
import { Waiting } from '@highroad/plugin-platform-react';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { Failure } from '../feedback/Failure';
import { dependenciesRouteRef } from '../routes';
import { shortName } from '../names';
import { headline } from './headline';
import { useDependencies } from './useDependencies';

const FEW = 5;
const QUESTION = {
  direction: 'dependents' as const,
  depth: DEFAULT_DEPTH,
  lifecycle: [],
};

/** The first ones to tell: in production, then nearest. */
function mostImportant(answer: DependencyAnswer) {
  const inProduction = (lifecycle?: string) => lifecycle === 'production';
  return [...answer.items]
    .sort(
      (a, b) =>
        Number(inProduction(b.lifecycle)) - Number(inProduction(a.lifecycle)),
    )
    .slice(0, FEW);
}

function Answer(props: { answer: DependencyAnswer }) {
  const { answer } = props;
  const link = useRouteRef(dependenciesRouteRef)?.();
  return (
    <Stack spacing={1}>
      <Typography variant="h6" component="p">
        {headline(answer)}
      </Typography>
      {answer.items.length === 0 ? (
        <Typography color="text.secondary">
          Nothing in the catalog says that it needs this.
        </Typography>
      ) : (
        <List dense disablePadding aria-label="First to know about it">
          {mostImportant(answer).map(item => (
            <ListItem key={item.ref} disableGutters>
              <Typography variant="body2">
                <EntityRefLink entityRef={item.ref} title={item.title} />
                <Typography
                  component="span"
                  variant="body2"
                  color="text.secondary"
                >
                  {` ${item.owner ? shortName(item.owner) : 'no owner'}${
                    item.lifecycle ? ` · ${item.lifecycle}` : ''
                  }`}
                </Typography>
              </Typography>
            </ListItem>
          ))}
        </List>
      )}
      {link && (
        <Link to={link}>
          {answer.items.length > FEW
            ? `All ${answer.items.length}, and how`
            : 'Dependencies in both directions'}
        </Link>
      )}
    </Stack>
  );
}

/** The short form of the dependencies, for the overview. */
export function BreaksCard() {
  const { entity } = useEntity();
  const { value: answer, loading, error, retry } = useDependencies(QUESTION);
  const title = entity.metadata.title ?? entity.metadata.name;
  return (
    <EntityInfoCard title="What breaks if this breaks">
      {loading && !answer && (
        <Waiting label={`Following the dependencies of ${title}`} rows={3} />
      )}
      {error && !loading && (
        <Failure
          what={`What depends on ${title} could not be found out`}
          error={error}
          onRetry={retry}
        />
      )}
      {answer && !error && <Answer answer={answer} />}
    </EntityInfoCard>
  );
}
