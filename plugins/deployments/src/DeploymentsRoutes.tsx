import { Route, Routes } from 'react-router-dom';
import { BoardPage } from './board/BoardPage';
import { DeploymentPage } from './deployment/DeploymentPage';

/** All of them, and one of them. */
export function DeploymentsRoutes() {
  return (
    <Routes>
      <Route path="/" element={<BoardPage />} />
      <Route path="/:id" element={<DeploymentPage />} />
    </Routes>
  );
}
