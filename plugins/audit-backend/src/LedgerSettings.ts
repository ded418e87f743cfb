import { Config } from '@backstage/config';
import { ConflictError } from '@backstage/errors';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { generateKey, readOrMakeKeyFile } from './keys/keyFile';
import { LedgerKeys } from './keys/LedgerKeys';

const path = z.string().min(1);

const settingsSchema = z
  .object({
    directory: path.optional(),
    signingKey: z.string().optional(),
    previousKeys: z.array(z.string()).default([]),
    keyFile: path.optional(),
    intake: z
      .object({ timeoutSeconds: z.number().positive().max(60).default(3) })
      .default({}),
    spool: z.object({ directory: path.optional() }).default({}),
    checkpoints: z
      .object({
        file: path.optional(),
        everySeconds: z.number().positive().max(3600).default(10),
        everyRecords: z.number().int().positive().default(1000),
        log: z.boolean().default(true),
      })
      .default({}),
    retention: z
      .object({
        days: z.number().positive(),
        archiveDirectory: path,
      })
      .optional(),
  })
  .default({});

/** How this backend keeps its ledger. */
export interface LedgerSettings {
  keys: LedgerKeys;
  intakeTimeoutMs: number;
  /** Where records wait that the database does not take. Without it, which is not so in production, in memory */
  spoolDirectory?: string;
  checkpoints: {
    file?: string;
    everyMs: number;
    everyRecords: number;
    log: boolean;
  };
  retention?: { days: number; directory: string };
}

/**
 * Reads `platform.audit`. Where nothing is set, files are put beside the databases of SQLite, or for other databases into
 * the machine's folder for temporary files; with a database in memory, nothing is written to disk.
 *
 * @throws InputError naming a key that is wrong, ConflictError for a production start without a signing key, or without
 * places that outlive a restart for checkpoints and for records that wait
 */
export function readLedgerSettings(
  config: Config,
  nodeEnv: string | undefined,
): LedgerSettings {
  const set = readConfigAs(config, 'platform.audit', settingsSchema);
  const directory = set.directory ?? defaultDirectory(config);
  const within = (name: string) => directory && join(directory, name);
  const production = isProduction(config, nodeEnv);
  const file = set.keyFile ?? within('signing-key.pem');
  const keys = readKeys(set, { file, production });
  if (production && !set.checkpoints.file && !set.directory) {
    throw new ConflictError(
      'platform.audit.checkpoints.file is missing, but this is a production start: what is cut off or replaced as a whole within the database is only found by checkpoints outside of it, and by default they would go where restarts lose them. ' +
        'Set it, or platform.audit.directory, to a disk that outlives restarts and that whoever can change the database cannot change (docs/runbooks/audit-checkpoints-not-exported.md).',
    );
  }
  if (production && !set.spool.directory && !set.directory) {
    throw new ConflictError(
      'platform.audit.spool.directory is missing, but this is a production start: records that the database does not take wait there, also over a restart, and by default they would wait where a restart may lose them. ' +
        'Set it, or platform.audit.directory, to a disk that outlives restarts (docs/runbooks/audit-cannot-record.md).',
    );
  }
  return {
    keys,
    intakeTimeoutMs: set.intake.timeoutSeconds * 1000,
    spoolDirectory: set.spool.directory ?? within('spool'),
    checkpoints: {
      file: set.checkpoints.file ?? within('checkpoints.jsonl'),
      everyMs: set.checkpoints.everySeconds * 1000,
      everyRecords: set.checkpoints.everyRecords,
      log: set.checkpoints.log,
    },
    retention: set.retention && {
      days: set.retention.days,
      directory: set.retention.archiveDirectory,
    },
  };
}

function readKeys(
  set: z.output<typeof settingsSchema>,
  options: { file: string | undefined; production: boolean },
): LedgerKeys {
  const { signingKey, previousKeys } = set;
  if (signingKey) return LedgerKeys.fromPem(signingKey, previousKeys);
  if (options.production) {
    throw new ConflictError(
      "platform.audit.signingKey is missing, but this is a production start: with a key made on this machine, replicas would not accept each other's records. " +
        'Make one with: openssl genpkey -algorithm ed25519 (docs/runbooks/audit-signing-key.md).',
    );
  }
  const { file } = options;
  return LedgerKeys.fromPem(
    file ? readOrMakeKeyFile(file) : generateKey(),
    previousKeys,
  );
}

function isProduction(config: Config, nodeEnv: string | undefined): boolean {
  const development = nodeEnv === 'development' || nodeEnv === 'test';
  return (
    !development ||
    config.getOptionalString('auth.environment') === 'production'
  );
}

function defaultDirectory(config: Config): string | undefined {
  const database = config.getOptionalConfig('backend.database');
  const client =
    database?.getOptionalString('plugin.audit.client') ??
    database?.getOptionalString('client');
  if (!client || client.includes('sqlite3')) {
    const connection = database?.getOptional('connection');
    const { success, data } = z
      .object({ directory: path })
      .safeParse(connection);
    return success ? join(data.directory, 'audit') : undefined;
  }
  return join(tmpdir(), `highroad-audit-${process.getuid?.() ?? 'user'}`);
}
