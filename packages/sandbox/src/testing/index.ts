export {
  createAuthority,
  issue as issueCertificate,
} from '../connection/certificates';
export { describeWithSandbox } from './describeWithSandbox';
export { TestSandbox } from './TestSandbox';
export type { OwnPrometheus } from './OwnPrometheus';
export type { OwnVault, VaultPeer } from './OwnVault';
export type { SandboxNeed } from './describeWithSandbox';
export type {
  TestCluster,
  TestGitHost,
  TestPostgres,
  TestRegistry,
  TestVault,
} from './TestSandbox';
export { pushImage, pushIndex } from './pushImage';
export type { Pushed } from './pushImage';
export { watchOutsideCalls } from './outsideCalls';
export type { Moment, OtherCalls, OutsideCall } from './outsideCalls';
export { killSweep } from './killSweep';
export type { AfterDeath, Death } from './killSweep';
