import { Route, Routes } from 'react-router-dom';
import { RepositoriesPage } from './RepositoriesPage';
import { RepositoryPage } from './RepositoryPage';

export function RepositoriesRouter() {
  return (
    <Routes>
      <Route path="/" element={<RepositoriesPage />} />
      <Route path="/:owner/:name" element={<RepositoryPage />} />
      <Route path="/:owner/:name/:kind/:ref/*" element={<RepositoryPage />} />
    </Routes>
  );
}
