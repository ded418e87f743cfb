import { parseEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { OpenPullRequest } from '@highroad/plugin-environments-common';
import { Failure } from '@highroad/plugin-platform-react';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemText from '@mui/material/ListItemText';
import Typography from '@mui/material/Typography';
import useAsync from 'react-use/esm/useAsync';
import { environmentsApiRef } from '../api';
import { RUNBOOK } from '../runbooks';

/** The open pull requests of a service, to choose one of. */
export function OpenPullRequests(props: {
  /** Reference */
  service: string;
  /** Address of the one that is chosen */
  chosen: string;
  onChosen: (url: string) => void;
}) {
  const { service, chosen, onChosen } = props;
  const api = useApi(environmentsApiRef);
  const found = useAsync(
    () => api.openPullRequests({ service }),
    [api, service],
  );
  const { name } = parseEntityRef(service);
  if (found.loading) {
    return <Typography role="status">Asking for pull requests</Typography>;
  }
  if (found.error) {
    return (
      <Failure
        what={`The pull requests of ${name} could not be listed`}
        error={found.error}
        unaffected="An address can be given all the same."
        runbook={RUNBOOK.pullRequest}
      />
    );
  }
  if (!found.value) return null;
  const { items, more, repository } = found.value;
  if (items.length === 0) {
    return <Typography>{repository} has no open pull request.</Typography>;
  }
  return (
    <>
      <List
        dense
        aria-label={`Open pull requests of ${repository}`}
        sx={{ maxHeight: 320, overflow: 'auto' }}
      >
        {items.map(one => (
          <ListItem key={one.number} disablePadding>
            <ListItemButton
              selected={one.url === chosen}
              onClick={() => onChosen(one.url)}
            >
              <ListItemText
                primary={`#${one.number} ${one.title}`}
                secondary={aboutOne(one)}
              />
            </ListItemButton>
          </ListItem>
        ))}
      </List>
      {more > 0 && (
        <Typography color="text.secondary">
          {more} older ones are not listed; give the address of one.
        </Typography>
      )}
    </>
  );
}

function aboutOne({ author, branch, fork }: OpenPullRequest): string {
  return `${branch}, by ${author}${fork ? ', from a fork' : ''}`;
}
