/* eslint-disable jest/no-focused-tests */

/**
 * What the test run has found on this machine; set by `npm test`, and by hand for a single file. Each is an address
 * or a path; where it is missing, the tests that need it are skipped and say so.
 */
export const machine = {
  chromium: process.env.HIGHROAD_TEST_CHROMIUM,
  go: process.env.HIGHROAD_TEST_GO,
  python: process.env.HIGHROAD_TEST_PYTHON,
  kustomize: process.env.HIGHROAD_TEST_KUSTOMIZE,
  promtool: process.env.HIGHROAD_TEST_PROMTOOL,
  hadolint: process.env.HIGHROAD_TEST_HADOLINT,
  actionlint: process.env.HIGHROAD_TEST_ACTIONLINT,
  /** Services in TypeScript need it; the platform itself also runs on an older one */
  node24:
    Number(process.versions.node.split('.')[0]) >= 24
      ? process.execPath
      : undefined,
  gitleaks: process.env.HIGHROAD_TEST_GITLEAKS,
  uv: process.env.HIGHROAD_TEST_UV,
  make: process.env.HIGHROAD_TEST_MAKE,
  /** Folder with the schemas of Kubernetes' kinds and of those the platform adds */
  schemas: process.env.HIGHROAD_TEST_SCHEMAS,
  /** Folder of a sandbox that runs */
  sandbox: process.env.HIGHROAD_TEST_SANDBOX,
};

/**
 * `describe`, where the machine has what the tests need; otherwise they are skipped, with the reason in their name so
 * that the run's summary can list it.
 */
export function describeWith(
  needs: Array<keyof typeof machine>,
  name: string,
  tests: () => void,
): void {
  const missing = needs.filter(need => !machine[need]);
  if (missing.length === 0) {
    describe(name, tests);
  } else {
    describe.skip(`${name} [needs ${missing.join(', ')}]`, tests);
  }
}
