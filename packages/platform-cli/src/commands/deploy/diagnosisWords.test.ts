import { Diagnosis } from '@highroad/plugin-deployments-common';
import { Output } from '../../output/Output';
import { evidenceText, verdictText } from './diagnosisWords';

const output = new Output({
  stdout: { write: () => true },
  stderr: { write: () => true },
  json: false,
  color: false,
});
const failing: Diagnosis = {
  service: 'component:default/cart',
  environment: 'staging',
  namespace: 'cart-staging',
  at: '2026-11-25T12:00:00.000Z',
  verdict: {
    health: 'failing',
    cause: 'crash-loop',
    summary: 'cart crashes again and again (Error, exit code 1), 5 restarts.',
    fix: 'Its last lines say more.',
  },
  pods: {
    known: true,
    items: [
      {
        name: 'cart-5f7',
        phase: 'Running',
        ready: false,
        restarts: 5,
        createdAt: '2026-11-25T11:00:00.000Z',
        digests: [],
        reasons: ['cart: CrashLoopBackOff'],
      },
    ],
  },
  events: {
    known: true,
    items: [
      {
        at: '2026-11-25T11:59:00.000Z',
        object: 'Pod cart-5f7',
        reason: 'BackOff',
        message: 'back-off restarting',
        warning: true,
        count: 4,
      },
    ],
  },
  alerts: {
    known: false,
    why: 'No Prometheus is connected.',
    connect: 'Write its address into platform.prometheus.url.',
  },
  changes: [],
  onCall: { known: true, items: [{ name: 'Anna', level: 1 }] },
  log: { known: true, items: ['panic: no database'] },
  logOf: 'cart-5f7, container cart',
};

describe('why it fails, on a terminal', () => {
  it('is a verdict with what to do', () => {
    expect(verdictText(failing)).toBe(
      '✖ failing: cart crashes again and again (Error, exit code 1), 5 restarts.\n  → Its last lines say more.\n  Runbook: docs/runbooks/deployment-failed.md',
    );
    const verdict = {
      health: 'healthy',
      cause: 'none',
      summary: 'All is well.',
    } as const;
    expect(verdictText({ ...failing, verdict })).toBe(
      '✔ healthy: All is well.',
    );
  });

  it('has what stands behind it, and what is not known with what to connect', () => {
    expect(evidenceText(failing, output)).toBe(
      [
        'Pods',
        'NAME      READY  RESTARTS  WHY',
        'cart-5f7  no     5         cart: CrashLoopBackOff',
        'Events, newest first',
        'AT                    OBJECT        REASON      MESSAGE',
        '2026-11-25T11:59:00Z  Pod cart-5f7  BackOff ×4  back-off restarting',
        'Alerts: not known. No Prometheus is connected. Write its address into platform.prometheus.url.',
        'On call',
        '  Anna (level 1)',
        'Last lines of cart-5f7, container cart',
        '  panic: no database',
      ].join('\n'),
    );
  });

  it('says what was changed by hand, and where that is not known', () => {
    const text = (state: 'same' | 'unknown') =>
      evidenceText(
        {
          ...failing,
          drift: { state, summary: 'The cluster is gone', at: '', changes: [] },
        },
        output,
      );
    expect(text('unknown')).toContain('Changed by hand: The cluster is gone');
    expect(text('same')).not.toContain('Changed by hand');
  });

  it('is short where all is well', () => {
    const text = evidenceText(
      {
        ...failing,
        verdict: { health: 'healthy', cause: 'none', summary: 'It runs.' },
        pods: { known: true, items: [] },
        alerts: { known: true, items: [] },
      },
      output,
    );
    expect(text).toBe(
      'Pods: none\nAlerts: none fires\nOn call\n  Anna (level 1)',
    );
  });
});
