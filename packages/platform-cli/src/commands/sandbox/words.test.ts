import { SandboxStatus } from '@highroad/plugin-sandbox-common';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Output } from '../../output/Output';
import { installCommand } from './check';
import { sandboxHere } from './sandboxHere';
import { statusInWords } from './statusWords';

const output = new Output({
  stdout: { write: () => true },
  stderr: { write: () => true },
  json: false,
  color: false,
});

const status: SandboxStatus = {
  revision: 3,
  state: 'preparing',
  startedAt: '2026-02-10T12:00:00Z',
  node: { kind: 'simulated', why: 'It was asked for.' },
  preparingSecondsLeft: 600,
  programs: [
    {
      name: 'kubernetes',
      version: '1.34.3',
      state: 'preparing',
      doing: 'building',
      done: 0.41,
      seconds: 600,
    },
    { name: 'vault', version: '1.21.0', state: 'waiting', seconds: 190 },
  ],
  servers: [
    {
      name: 'registry',
      title: 'Images',
      version: '2.8.2',
      state: 'answering',
      origin: 'sandbox',
      address: 'http://127.0.0.1:15000',
      waitingFor: [],
      tookSeconds: 0.4,
      restarts: 0,
      memoryBytes: 24e6,
    },
    {
      name: 'kube-apiserver',
      title: 'Cluster',
      state: 'waiting',
      origin: 'sandbox',
      waitingFor: ['kubernetes', 'etcd'],
      lastTookSeconds: 5,
      restarts: 0,
    },
    {
      name: 'gitea',
      title: 'Git',
      state: 'restarting',
      origin: 'sandbox',
      waitingFor: [],
      restarts: 2,
      problem: 'It ended by itself.',
    },
  ],
};

const places = { kubeconfig: '/s/run/kubeconfig', connection: '/s/c.json' };
const inWords = (now: SandboxStatus) => statusInWords(now, places, output);

describe('the status in words', () => {
  it('begins with how it is, and whether pods are real', () => {
    expect(inWords(status).split('\n').slice(0, 2)).toEqual([
      'Preparing, about 10 min left; 1 of 3 servers answer.',
      'Pods are simulated: the cluster accepts them and marks them ready, but no container runs. It was asked for.',
    ]);
  });

  it('has a line for each server: what it does, where, how long it took', () => {
    const text = inWords(status);
    expect(text).toMatch(
      /registry +✔ answering +2\.8\.2 +http:\S+:15000 +after under 1 s +24 MB\n/,
    );
    expect(text).toMatch(
      /kube-apiserver +… waiting for kubernetes, etcd +last time 5 s\n/,
    );
    expect(text).toMatch(/gitea +✖ restarting +2\n/);
  });

  it('says what is being made and what is wrong, with a page that helps', () => {
    expect(inWords(status)).toMatch(
      /Now: building kubernetes 41 %; then vault\n[^]*gitea: It ended by itself\.\n.*docs\/runbooks\//,
    );
  });

  it('says when a program that could not be prepared is tried again', () => {
    const [kubernetes, vault] = status.programs;
    const failed = {
      ...vault,
      state: 'failed' as const,
      problem: 'no route to host.',
    };
    expect(inWords({ ...status, programs: [kubernetes, failed] })).toContain(
      '  vault: no route to host. It is tried again at the next start of the sandbox.\n',
    );
  });

  it('tells how to get at the cluster only where there is one', () => {
    expect(inWords(status)).toMatch(
      /platform sandbox kubectl get pods -A\n.*\/s\/run\/kubeconfig/,
    );
    const [registry] = status.servers;
    const alone = inWords({ ...status, servers: [registry] });
    expect(alone).not.toContain('kubectl');
    expect(alone).toContain('/s/c.json');
  });
});

describe('what a real node lacks', () => {
  it('is installed by one command', () => {
    expect(
      installCommand([
        { what: 'containerd', packages: ['containerd', 'runc'] },
        { what: 'a runtime', packages: ['runc'] },
      ]),
    ).toBe('apt-get install --no-install-recommends containerd runc');
    expect(installCommand([{ what: 'Linux' }])).toBeUndefined();
  });
});

describe('which sandbox is meant', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'highroad-here-'));
    mkdirSync(join(folder, 'packages/sandbox'), { recursive: true });
    mkdirSync(join(folder, '.highroad'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is that of the checkout, from anywhere in it', () => {
    expect(
      sandboxHere(undefined, join(folder, 'packages/sandbox')).paths.state,
    ).toBe(join(folder, '.highroad/sandbox'));
  });

  it('is the one that is named', () => {
    expect(sandboxHere('other', folder).paths.state).toBe(
      join(folder, 'other'),
    );
  });

  it('has to be named elsewhere', () => {
    expect(() => sandboxHere(undefined, tmpdir())).toThrow(
      'There is no sandbox here.',
    );
  });
});
