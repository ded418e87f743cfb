// One backend of several, as a process of its own; says where it listens, and ends when its input does.
import { z } from 'zod';
import { startAuditBackend } from './auditBackend';

const settingsSchema = z.object({
  port: z.number(),
  database: z.record(z.unknown()),
  audit: z.record(z.unknown()),
});

async function main() {
  const settings = settingsSchema.parse(JSON.parse(process.argv[2]));
  const backend = await startAuditBackend(settings);
  const token = await backend.token();
  process.stdout.write(`${JSON.stringify({ url: backend.url, token })}\n`);
  process.stdin.on('end', () => backend.stop().then(() => process.exit(0)));
  process.stdin.resume();
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
