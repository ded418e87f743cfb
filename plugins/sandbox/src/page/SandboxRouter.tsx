import { Route, Routes } from 'react-router-dom';
import { BuildPage } from './BuildPage';
import { SandboxPage } from './SandboxPage';

export function SandboxRouter() {
  return (
    <Routes>
      <Route path="/" element={<SandboxPage />} />
      <Route path="/builds/:id" element={<BuildPage />} />
    </Routes>
  );
}
