import { Route, Routes } from 'react-router-dom';
import { SandboxPage } from './SandboxPage';

export function SandboxRouter() {
  return (
    <Routes>
      <Route path="/" element={<SandboxPage />} />
    </Routes>
  );
}
