/** A failure a person can do something about: what happened, why, and what to do. Printed without a stack. */
export class Failure extends Error {
  /** @param details.runbook - name of a page in docs/runbooks */
  constructor(what, { why, fix, runbook, code = 1 } = {}) {
    super(what);
    this.why = why;
    this.fix = fix;
    this.runbook = runbook;
    this.code = code;
  }
}

/** Runs a script's main function, and ends the process with one clear message when it fails. */
export async function runMain(main) {
  try {
    await main();
  } catch (thrown) {
    const error = failureOf(thrown);
    if (!error) throw thrown;
    const lines = [`✖ ${error.message}`];
    if (error.why) lines.push(`  ${error.why}`);
    if (error.fix) lines.push(`  → ${error.fix}`);
    if (error.runbook) {
      lines.push(`  Runbook: docs/runbooks/${error.runbook}.md`);
    }
    process.stderr.write(`${lines.join('\n')}\n`);
    process.exit(error.code);
  }
}

/** What a disk refuses is nobody's mistake in here. */
function failureOf(error) {
  if (error instanceof Failure) return error;
  const why = {
    ENOSPC: 'There is no space left on the disk.',
    EACCES: `This user may not write ${error?.path ?? 'there'}.`,
    EROFS: `${error?.path ?? 'The disk'} can only be read.`,
  }[error?.code];
  return (
    why &&
    new Failure('A file could not be written.', {
      why,
      fix: 'Put that right and start again; what was done is kept.',
      runbook: 'install-failed',
    })
  );
}

/** What a failed download or installation most likely died of, in one line; undefined when it is something else. */
export function explainInstallFailure(output) {
  if (/ENOSPC|no space left on device/i.test(output)) {
    return {
      why: 'There is no space left on the disk.',
      fix: 'Free about 4 GB and start again; what was downloaded is kept.',
      runbook: 'install-failed',
    };
  }
  if (/gyp ERR|not found: make|g\+\+|no acceptable C compiler/i.test(output)) {
    return {
      why: 'A native module has to be built and there is no C++ compiler.',
      fix: 'Install one (Debian: apt-get install build-essential; macOS: xcode-select --install), then start again.',
      runbook: 'install-failed',
    };
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|network (error|request|is unreachable|timeout)|npm (error|ERR!) network|proxy (error|authentication|connection)|tunneling socket/i.test(
      output,
    )
  ) {
    return {
      why: 'The npm registry could not be reached.',
      fix: 'Check the network and the registry in your npm configuration (npm ping), then start again.',
      runbook: 'install-failed',
    };
  }
  if (/YN0028|lockfile would have been modified/i.test(output)) {
    return {
      why: 'yarn.lock does not fit the package.json files.',
      fix: 'Undo your change to package.json, or update the lockfile: npm run with-toolchain -- yarn install',
      runbook: 'install-failed',
    };
  }
  return undefined;
}
