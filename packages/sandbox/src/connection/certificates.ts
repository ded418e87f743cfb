import * as x509 from '@peculiar/x509';
import { isIP } from 'node:net';

x509.cryptoProvider.set(crypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 60 * 60 * 1000;

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

/** An authority of this sandbox alone. Valid for ten years; it is thrown away with the sandbox. */
export async function createAuthority(
  name: string,
  now = new Date(),
): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    notBefore: new Date(now.getTime() - DAY),
    notAfter: new Date(now.getTime() + 3650 * DAY),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign +
          x509.KeyUsageFlags.cRLSign +
          x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: certificate.toString('pem'),
    key: await exportKey(keys.privateKey),
  };
}

/**
 * A certificate for a server, a client or both, valid for a year.
 *
 * @param subject.name - common name: the user of a client certificate
 * @param subject.organization - groups of the user
 * @param subject.hosts - names and addresses that a server answers under
 */
export async function issue(
  authority: KeyPair,
  subject: { name: string; organization?: string; hosts?: string[] },
  now = new Date(),
): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ]);
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([
      x509.ExtendedKeyUsage.serverAuth,
      x509.ExtendedKeyUsage.clientAuth,
    ]),
    await x509.AuthorityKeyIdentifierExtension.create(issuer),
  ];
  if (subject.hosts?.length) {
    extensions.push(
      new x509.SubjectAlternativeNameExtension(
        subject.hosts.map(
          (value): x509.JsonGeneralName => ({
            type: isIP(value) ? 'ip' : 'dns',
            value,
          }),
        ),
      ),
    );
  }
  const rdn = [
    `CN=${subject.name}`,
    ...(subject.organization ? [`O=${subject.organization}`] : []),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: Buffer.from(
      crypto.getRandomValues(new Uint8Array(16)),
    ).toString('hex'),
    subject: rdn.join(', '),
    issuer: issuer.subject,
    notBefore: new Date(now.getTime() - DAY),
    notAfter: new Date(now.getTime() + 365 * DAY),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    extensions,
  });
  return {
    certificate: certificate.toString('pem'),
    key: await exportKey(keys.privateKey),
  };
}

async function exportKey(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', key),
    'PRIVATE KEY',
  );
}

async function importKey(pem: string): Promise<CryptoKey> {
  return crypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(pem),
    ALGORITHM,
    false,
    ['sign'],
  );
}
