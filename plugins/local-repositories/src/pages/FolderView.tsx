import { Link, ResponseErrorPanel } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import {
  RepositoryId,
  repositoryPagePath,
} from '@highroad/plugin-local-repositories-common';
import FileIcon from '@mui/icons-material/InsertDriveFileOutlined';
import FolderIcon from '@mui/icons-material/FolderOutlined';
import Paper from '@mui/material/Paper';
import Skeleton from '@mui/material/Skeleton';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import useAsync from 'react-use/lib/useAsync';
import { localRepositoriesApiRef } from '../api';
import { FileView } from './FileView';

/** What is in a folder, and its README below. */
export function FolderView(props: {
  id: RepositoryId;
  at: string;
  path: string;
}) {
  const { id, at, path } = props;
  const api = useApi(localRepositoriesApiRef);
  const { value, error, loading } = useAsync(
    () => api.tree(id, at, path),
    [api, id.owner, id.name, at, path],
  );

  if (loading) return <Skeleton variant="rounded" height={300} />;
  if (error) return <ResponseErrorPanel error={error} />;
  const readme = value?.entries.find(entry =>
    /(^|\/)readme\.md$/i.test(entry.path),
  );

  return (
    <>
      <Paper variant="outlined" sx={{ mb: 2 }}>
        <Table size="small">
          <TableBody>
            {value?.entries.map(entry => (
              <TableRow key={entry.path} hover>
                <TableCell sx={{ width: 32, pr: 0 }}>
                  {entry.type === 'folder' ? (
                    <FolderIcon fontSize="small" titleAccess="Folder" />
                  ) : (
                    <FileIcon fontSize="small" titleAccess="File" />
                  )}
                </TableCell>
                <TableCell>
                  <Link
                    to={repositoryPagePath(id, {
                      ref: at,
                      path: entry.path,
                      kind: entry.type === 'folder' ? 'tree' : 'blob',
                    })}
                  >
                    {entry.path.split('/').pop()}
                  </Link>
                </TableCell>
                <TableCell
                  align="right"
                  sx={{ fontVariantNumeric: 'tabular-nums' }}
                >
                  {entry.size !== undefined && `${entry.size} B`}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Paper>
      {readme && <FileView id={id} at={at} path={readme.path} />}
    </>
  );
}
