export { describeWithSandbox } from './describeWithSandbox';
export type { SandboxNeed } from './describeWithSandbox';
export type {
  TestCluster,
  TestGitHost,
  TestPostgres,
  TestRegistry,
  TestSandbox,
  TestVault,
} from './TestSandbox';
