import { Link, useSidebarOpenState } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';

/** The road mark; its colours are its own, so that it reads on the dark side bar in both themes. */
export function LogoMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M6 27 13 5h2L11.600 27zM26 27 19 5h-2L20.400 27z"
        fill="#ffffff"
      />
      <path
        d="M15.300 6h1.400v4h-1.400zM15.150 13h1.700v4.800h-1.700zM14.900 21h2.200v6h-2.200z"
        fill="#ffb545"
      />
    </svg>
  );
}

/** Mark and name at the top of the side bar; the mark alone while it is folded. */
export function Logo() {
  const { isOpen } = useSidebarOpenState();
  const title = useApi(configApiRef).getOptionalString('app.title');

  return (
    <Box sx={{ height: 72, display: 'flex', alignItems: 'center', pl: 2.5 }}>
      <Link
        to="/"
        underline="none"
        aria-label={`${title ?? 'Highroad'}, home`}
        style={{ display: 'flex', alignItems: 'center', gap: 12 }}
      >
        <LogoMark />
        {isOpen && (
          <Box
            component="span"
            sx={{
              color: '#fff',
              fontSize: 20,
              fontWeight: 650,
              letterSpacing: '-0.01em',
            }}
          >
            {title ?? 'Highroad'}
          </Box>
        )}
      </Link>
    </Box>
  );
}
