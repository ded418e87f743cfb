import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { archived, descriptor, imageOf, json } from './ociImage';

/** Name of the image whose process keeps a pod's namespaces. */
export const PAUSE_IMAGE = 'sandbox.local/pause:1';

/**
 * A program that does nothing, as an ELF executable for x64 without libraries: it has the kernel reap the processes
 * that are handed to it as the first of a namespace, and waits for ever.
 */
export function pauseProgram(): Buffer {
  const base = 0x400000;
  const headers = 64 + 56;
  const code = Buffer.from([
    ...[0xb8, 0x0d, 0, 0, 0], // mov eax, 13: rt_sigaction(
    ...[0xbf, 0x11, 0, 0, 0], // mov edi, 17: SIGCHLD,
    ...[0x48, 0x8d, 0x35, 0x13, 0, 0, 0], // lea rsi, [the action, right after the code],
    ...[0x31, 0xd2], // xor edx, edx: nowhere to put the old one,
    ...[0x41, 0xba, 0x08, 0, 0, 0], // mov r10d, 8: size of a set of signals)
    ...[0x0f, 0x05], // syscall
    ...[0xb8, 0x22, 0, 0, 0], // again: mov eax, 34: pause()
    ...[0x0f, 0x05], // syscall
    ...[0xeb, 0xf7], // jmp again
  ]);
  // struct sigaction: handler 1 is "ignore"; no flags, no restorer, no mask.
  const action = Buffer.alloc(32);
  action.writeBigUInt64LE(1n, 0);
  const size = headers + code.length + action.length;

  const header = Buffer.alloc(headers);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]); // ELF, 64 bits, little endian
  header.writeUInt16LE(2, 16); // executable
  header.writeUInt16LE(62, 18); // x64
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(base + headers), 24); // entry
  header.writeBigUInt64LE(64n, 32); // program headers
  header.writeUInt16LE(64, 52); // size of this header
  header.writeUInt16LE(56, 54); // size of a program header
  header.writeUInt16LE(1, 56); // one of them
  header.writeUInt32LE(1, 64); // to be loaded
  header.writeUInt32LE(5, 68); // readable, executable
  header.writeBigUInt64LE(BigInt(base), 64 + 16);
  header.writeBigUInt64LE(BigInt(base), 64 + 24);
  header.writeBigUInt64LE(BigInt(size), 64 + 32);
  header.writeBigUInt64LE(BigInt(size), 64 + 40);
  header.writeBigUInt64LE(0x1000n, 64 + 48);
  return Buffer.concat([header, code, action]);
}

/**
 * Makes an archive with the image of {@link pauseProgram}, in the layout that containerd imports.
 *
 * @param file - where it shall be; left alone where it is there
 */
export async function makePauseImage(file: string): Promise<void> {
  if (existsSync(file)) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(dirname(file), '.pause-'));
  try {
    const root = join(folder, 'root');
    await mkdir(root, { mode: 0o755 });
    await writeFile(join(root, 'pause'), pauseProgram());
    await chmod(join(root, 'pause'), 0o755);
    const { manifest, parts } = await imageOf(root, join(folder, 'layer.tar'), {
      Entrypoint: ['/pause'],
      User: '65535:65535',
    });
    const layout = join(folder, 'layout');
    await mkdir(join(layout, 'blobs/sha256'), { recursive: true });
    for (const { digest, content } of [manifest, ...parts]) {
      await writeFile(join(layout, 'blobs', digest.replace(':', '/')), content);
    }
    const annotations = { 'io.containerd.image.name': PAUSE_IMAGE };
    await writeFile(
      join(layout, 'index.json'),
      json({
        schemaVersion: 2,
        manifests: [{ ...descriptor(manifest), annotations }],
      }),
    );
    await writeFile(
      join(layout, 'oci-layout'),
      json({ imageLayoutVersion: '1.0.0' }),
    );
    const whole = join(folder, 'image.tar');
    await archived(layout, whole);
    await rename(whole, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
