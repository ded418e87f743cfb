import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import {
  RepositoryId,
  repositoryPagePath,
} from '@highroad/plugin-local-repositories-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import FileIcon from '@mui/icons-material/InsertDriveFileOutlined';
import FolderIcon from '@mui/icons-material/FolderOutlined';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import { localRepositoriesApiRef } from '../api';
import { FileView } from './FileView';
import { sizeText } from './sizeText';

/** What is in a folder, and its README below. */
export function FolderView(props: {
  id: RepositoryId;
  at: string;
  path: string;
}) {
  const { id, at, path } = props;
  const api = useApi(localRepositoriesApiRef);
  const { value, error, loading, retry } = useAsyncRetry(
    () => api.tree(id, at, path),
    [api, id.owner, id.name, at, path],
  );

  const name = path || `${id.owner}/${id.name}`;
  if (loading) return <Waiting label={`Listing ${name}`} rows={8} />;
  if (error) {
    return (
      <Failure
        what={`${name} could not be listed at ${at}`}
        error={error}
        onRetry={retry}
      />
    );
  }
  if (value?.entries.length === 0) {
    return (
      <Typography color="text.secondary">There is nothing in it.</Typography>
    );
  }
  const readme = value?.entries.find(entry =>
    /(^|\/)readme\.md$/i.test(entry.path),
  );

  return (
    <>
      <Paper variant="outlined" sx={{ mb: 2 }}>
        <Table size="small" aria-label={`Files of ${name}`}>
          <TableBody>
            {value?.entries.map(entry => (
              <TableRow key={entry.path} hover>
                <TableCell component="th" scope="row">
                  <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5 }}>
                    {entry.type === 'folder' ? (
                      <FolderIcon sx={{ fontSize: 18 }} titleAccess="Folder" />
                    ) : (
                      <FileIcon sx={{ fontSize: 18 }} titleAccess="File" />
                    )}
                    <Link
                      to={repositoryPagePath(id, {
                        ref: at,
                        path: entry.path,
                        kind: entry.type === 'folder' ? 'tree' : 'blob',
                      })}
                    >
                      {entry.path.split('/').pop()}
                    </Link>
                  </Box>
                </TableCell>
                <TableCell
                  align="right"
                  sx={{ fontVariantNumeric: 'tabular-nums' }}
                >
                  {entry.size !== undefined && sizeText(entry.size)}
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
