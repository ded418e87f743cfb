import { Route, Routes } from 'react-router-dom';
import { CreatePage } from './create/CreatePage';
import { EnvironmentPage } from './environment/EnvironmentPage';
import { EnvironmentsPage } from './list/EnvironmentsPage';

/** All of them, a new one, and one of them. */
export function EnvironmentsRoutes() {
  return (
    <Routes>
      <Route path="/" element={<EnvironmentsPage />} />
      <Route path="/new" element={<CreatePage />} />
      <Route path="/:name" element={<EnvironmentPage />} />
    </Routes>
  );
}
