import { Link, ResponseErrorPanel } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { repositoryPagePath } from '@highroad/plugin-local-repositories-common';
import { PageFrame } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Breadcrumbs from '@mui/material/Breadcrumbs';
import Skeleton from '@mui/material/Skeleton';
import Typography from '@mui/material/Typography';
import { useParams } from 'react-router-dom';
import useAsync from 'react-use/lib/useAsync';
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
  const { value, error, loading } = useAsync(
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
      {loading && <Skeleton variant="rounded" height={300} />}
      {error && <ResponseErrorPanel error={error} />}
      {value && ref && (
        <Box
          sx={{
            display: 'grid',
            gap: 3,
            gridTemplateColumns: { lg: 'minmax(0, 1fr) 320px' },
          }}
        >
          <Box>
            <Breadcrumbs sx={{ mb: 1, fontSize: 14 }}>
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
