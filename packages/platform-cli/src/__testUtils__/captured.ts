import { runPlatform } from '../runPlatform';

/** What a command line printed, and how it ended. */
export async function captured(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(text => {
      out.push(String(text));
      return true;
    }),
    jest.spyOn(process.stderr, 'write').mockImplementation(text => {
      err.push(String(text));
      return true;
    }),
  ];
  try {
    const code = await runPlatform(argv);
    return { code, stdout: out.join(''), stderr: err.join('') };
  } finally {
    spies.forEach(spy => spy.mockRestore());
  }
}
