import { PageFrame, ServiceField } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useSearchParams } from 'react-router-dom';
import { AttentionList } from '../attention/AttentionList';
import { ServiceSecrets } from '../matrix/ServiceSecrets';
import { serviceName } from '../words';
import { StoreNotice } from './StoreNotice';
import { useStoreStatus } from './useStoreStatus';

/** Secrets of a service, which the address names; without one, what needs somebody in all of them. */
export function SecretsPage() {
  const [search, setSearch] = useSearchParams();
  const service = search.get('service') ?? undefined;
  const status = useStoreStatus();
  return (
    <PageFrame
      title="Secrets"
      purpose="Which keys a service has where, who set them, and whether its programs have them. Values stay in Vault."
    >
      <StoreNotice status={status} />
      <Box sx={{ maxWidth: 420, mb: 3 }}>
        <ServiceField
          nameOf={serviceName}
          value={service}
          onChange={ref =>
            setSearch(ref ? { service: ref } : {}, { replace: true })
          }
        />
      </Box>
      {service ? (
        <ServiceSecrets key={service} service={service} />
      ) : (
        <>
          {status?.state === 'ready' && <AttentionList />}
          <Typography variant="body2" color="text.secondary">
            Choose a service to see its keys. In a terminal: platform secrets
            list my-service
          </Typography>
        </>
      )}
    </PageFrame>
  );
}
