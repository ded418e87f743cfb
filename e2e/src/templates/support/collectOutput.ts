import { Readable } from 'node:stream';

/** Keeps what a process prints on both streams; call the result for all of it so far. */
export function collectOutput(child: {
  stdout: Readable;
  stderr: Readable;
}): () => string {
  let output = '';
  const add = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  return () => output;
}
