import { LoggerService } from '@backstage/backend-plugin-api';
import { Checkpoint } from '@highroad/plugin-audit-common';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CheckpointSink } from './Checkpoints';

/** A file to which a line of JSON is added for each. Best on a disk that whoever can change the database cannot change. */
export function fileSink(file: string): CheckpointSink {
  return {
    name: `the file ${file}`,
    async write(checkpoint) {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await appendFile(file, `${JSON.stringify(checkpoint)}\n`, {
        mode: 0o600,
      });
    },
  };
}

/** The log, which in most installations is kept elsewhere. */
export function logSink(logger: LoggerService): CheckpointSink {
  return {
    name: 'the log',
    async write(checkpoint: Checkpoint) {
      logger.info(`audit-checkpoint ${JSON.stringify(checkpoint)}`);
    },
  };
}
