import { followPreview } from './followPreview';

const CHECKED = { ok: true, summary: 'All checks hold', checks: [] };

/** A portal whose answer is this. */
const answering = (preview: object) => ({
  fetch: async () =>
    new Response(
      `${JSON.stringify({
        preview: {
          ...{ ...CHECKED, ...preview },
          commits: { known: false, why: 'Nothing runs there.' },
          manifests: { known: false, why: 'Nothing runs there.' },
        },
      })}\n`,
    ),
});
const asked = { service: 'component:default/cart', environment: 'staging' };

describe('what deploying would come to', () => {
  it.each([
    [{ version: '1.0.0' }, { version: '1.0.0' }, '1.0.0'],
    // As a portal before it said the version answers.
    [{}, { version: '1.0.0' }, '1.0.0'],
    [{}, { from: 'testing' }, 'What runs in testing'],
  ])('of an answer with %j to %j is of %s', async (answer, what, version) => {
    const preview = await followPreview(
      answering(answer),
      { ...asked, ...what },
      () => {},
    );
    expect(preview).toMatchObject({ ...CHECKED, version });
  });
});
