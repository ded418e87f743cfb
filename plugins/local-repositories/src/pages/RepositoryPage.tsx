import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { repositoryPagePath } from '@highroad/plugin-local-repositories-common';
import { Failure, PageFrame, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Breadcrumbs from '@mui/material/Breadcrumbs';
import Typography from '@mui/material/Typography';
import { useParams } from 'react-router-dom';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import { localRepositoriesApiRef } from '../api';
import { CloneCommand } from './CloneCommand';
import { Commits } from './Commits';
import { FileView } from './FileView';
import { FolderView } from './FolderView';

/** A repository, one of its folders, or one of its files. */
export function RepositoryPage() {
  const api = useApi(localRepositoriesApiRef);
  const params = useParams();
  const id = { owner: params.owner ?? '', name: params.name ?? '' };
  // Without a kind there is no path; what "*" holds then is the outer route's.
  const path = params.kind ? (params['*'] ?? '').replace(/\/+$/, '') : '';
  const { value, error, loading, retry } = useAsyncRetry(
    () => api.get(id),
    [api, id.owner, id.name],
  );
  const ref = params.ref ?? value?.defaultBranch;
  const isFile = params.kind === 'blob' && path !== '';

  return (
    <PageFrame
      title={id.name}
      purpose="A repository on the machine this portal runs on"
    >
      {loading && <Waiting label={`Opening ${id.name}`} rows={8} />}
      {error && !loading && (
        <Failure
          what={`${id.owner}/${id.name} could not be opened`}
          error={error}
          onRetry={retry}
        />
      )}
      {value && ref && (
        <Box
          sx={{
            display: 'grid',
            gap: 3,
            alignItems: 'start',
            gridTemplateColumns: {
              xs: 'minmax(0, 1fr)',
              lg: 'minmax(0, 1fr) 320px',
            },
          }}
        >
          <Box>
            <Breadcrumbs aria-label="Path" sx={{ mb: 1, fontSize: 14 }}>
              <Link to="/repositories">Repositories</Link>
              <Link to={repositoryPagePath(id)}>
                {id.owner}/{id.name}
              </Link>
              {folders(path).map(folder => (
                <Link
                  key={folder.path}
                  to={repositoryPagePath(id, {
                    ref,
                    path: folder.path,
                    kind: 'tree',
                  })}
                >
                  {folder.name}
                </Link>
              ))}
              {path && (
                <Typography variant="inherit" color="text.primary">
                  {path.split('/').pop()}
                </Typography>
              )}
            </Breadcrumbs>
            {isFile ? (
              <FileView id={id} at={ref} path={path} />
            ) : (
              <FolderView id={id} at={ref} path={path} />
            )}
          </Box>
          <Box>
            <CloneCommand url={value.cloneUrl} />
            <Commits id={id} at={ref} />
          </Box>
        </Box>
      )}
    </PageFrame>
  );
}

/** The folders above a path, outermost first. */
function folders(path: string): Array<{ name: string; path: string }> {
  const parts = path.split('/').slice(0, -1);
  return parts.map((name, index) => ({
    name,
    path: parts.slice(0, index + 1).join('/'),
  }));
}
