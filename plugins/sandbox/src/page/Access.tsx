import { SandboxAccess, ServerStatus } from '@highroad/plugin-sandbox-common';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { Command } from './Command';

/** How to get at the servers from a terminal on this machine. */
export function Access(props: {
  access: SandboxAccess;
  servers: ServerStatus[];
}) {
  const { access, servers } = props;
  const has = (name: string) => servers.some(server => server.name === name);
  return (
    <section>
      <Typography component="h2" variant="h6" sx={{ mb: 1 }}>
        From a terminal on this machine
      </Typography>
      {has('kube-apiserver') && (
        <>
          <Command
            label="The cluster, with the sandbox's own kubectl, in the checkout"
            command="npx platform sandbox kubectl get pods -A"
          />
          <Command
            label="The cluster, with yours"
            command={`kubectl --kubeconfig ${access.kubeconfig} get pods -A`}
          />
        </>
      )}
      {has('registry') && (
        <Command
          label="Images are pushed under"
          command={`${access.registry}/…`}
        />
      )}
      {has('ingress') && (
        <Typography variant="body2" sx={{ mb: 1 }}>
          A service with an Ingress answers at{' '}
          <Box component="code" sx={{ fontSize: 13 }}>
            {ingressAddress(access)}
          </Box>
        </Typography>
      )}
      <Command
        label="Stop the servers; what they keep stays"
        command="npx platform sandbox stop"
      />
      <Typography variant="body2" color="text.secondary">
        Names and passwords are in{' '}
        <Box component="code" sx={{ fontSize: 13, overflowWrap: 'anywhere' }}>
          {access.connectionFile}
        </Box>
        , which only its owner can read.
      </Typography>
    </section>
  );
}

function ingressAddress({ ingressAddress: at, ingressDomain }: SandboxAccess) {
  const { port } = new URL(at);
  return `http://<host>.${ingressDomain}${port && `:${port}`}`;
}
