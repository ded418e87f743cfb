import { redact, redactText } from './redact';

describe('taking secrets out of what is shown', () => {
  it.each([
    ['password=hunter2-secret', 'hunter2'],
    ['{"db_password": "hunter2", "user": "cart"}', 'hunter2'],
    ['connecting to postgres://cart:hunter2@db:5432/cart', 'hunter2'],
    ['Authorization: Bearer abcdefgh12345678', 'abcdefgh12345678'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'c2lnbmF0'],
    ['using AKIAABCDEFGHIJKLMNOP', 'AKIAABCDEFGHIJKLMNOP'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'ghp_abcdef'],
    ['vault said hvs.CAESIJabcdefghijklmnop', 'CAESIJ'],
    ["API_KEY='a b c d'", 'b c d'],
    ['redis --pass: hunter2', 'hunter2'],
    ['MY_APP_CLIENT_SECRET => hunter2', 'hunter2'],
  ])('takes it out of %s', (line, secret) => {
    expect(line).toContain(secret);
    expect(redactText(line)).not.toContain(secret);
    expect(redactText(line)).toContain('[redacted]');
  });

  it.each([
    ['token: ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'token: [redacted]'],
    ['token: [redacted]', 'token: [redacted]'],
    ['token=ghp_abcdefghijklmnopqrstuvwxyz.rest', 'token=[redacted]'],
    ['password=[redacted]hunter2, 3 tries', 'password=[redacted], 3 tries'],
    ['[token=ghp_abcdefghijklmnopqrstuvwxyz]', '[token=[redacted]]'],
  ])('shows %s as %s', (line, shown) => {
    expect(redactText(line)).toBe(shown);
  });

  it('takes out a whole key, of which each line looks harmless', () => {
    expect(
      redact([
        'starting',
        '-----BEGIN RSA PRIVATE KEY-----',
        'MIIEowIBAAKCAQEA',
        '-----END RSA PRIVATE KEY-----',
        'started',
      ]),
    ).toEqual([
      'starting',
      '[redacted]',
      '[redacted]',
      '[redacted]',
      'started',
    ]);
  });

  it('leaves what tells why it fails', () => {
    for (const line of [
      'panic: runtime error: index out of range [3] with length 3',
      'connect ECONNREFUSED 10.0.0.7:5432',
      'GET /readyz 503 in 12 ms',
      'image registry.example/cart:1.4.2@sha256:abcdef',
      'secret "cart-database" not found',
    ]) {
      expect(redactText(line)).toBe(line);
    }
  });

  it('takes colours out, and cuts what has no end', () => {
    expect(redactText('\u001b[31mfatal\u001b[0m')).toBe('fatal');
    const started = Date.now();
    expect(redactText('a='.repeat(500_000)).length).toBeLessThan(1_000);
    expect(Date.now() - started).toBeLessThan(500);
  });
});
