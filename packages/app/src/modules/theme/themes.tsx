import { ThemeBlueprint } from '@backstage/plugin-app-react';
import {
  createUnifiedTheme,
  genPageTheme,
  palettes,
  shapes,
  UnifiedThemeProvider,
} from '@backstage/theme';
import DarkIcon from '@mui/icons-material/DarkModeOutlined';
import LightIcon from '@mui/icons-material/LightModeOutlined';
import { ReactNode } from 'react';

const FONT =
  '"Inter Variable", "Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif';

const typography = {
  fontFamily: FONT,
  htmlFontSize: 16,
  button: { textTransform: 'none' as const, fontWeight: 600 },
  h1: { fontSize: 30, fontWeight: 650, marginBottom: 4, fontFamily: FONT },
  h2: { fontSize: 24, fontWeight: 650, marginBottom: 8, fontFamily: FONT },
  h3: { fontSize: 20, fontWeight: 600, marginBottom: 6, fontFamily: FONT },
  h4: { fontSize: 18, fontWeight: 600, marginBottom: 6, fontFamily: FONT },
  h5: { fontSize: 16, fontWeight: 600, marginBottom: 4, fontFamily: FONT },
  h6: { fontSize: 14, fontWeight: 600, marginBottom: 4, fontFamily: FONT },
};

const navigation = {
  background: '#10243a',
  indicator: '#ffb545',
  color: '#b9c7d6',
  selectedColor: '#ffffff',
  navItem: { hoverBackground: '#1d3853' },
  submenu: { background: '#1d3853' },
};

/** Below this contrast, text on a coloured ground turns dark: what WCAG asks for at level AA. */
const contrastThreshold = 4.5;

/** Questions look alike, whether the form draws them or a field of ours. */
const components = {
  MuiTextField: {
    defaultProps: { variant: 'outlined' as const, size: 'small' as const },
  },
  // The catalog's filters are narrow; their words are whole beside their numbers.
  CatalogReactUserListPicker: {
    styleOverrides: {
      listIcon: { minWidth: 28 },
      menuItem: { paddingLeft: 8, paddingRight: 32 },
    },
  },
};

/** One calm header for all pages: what a page is about is said by its title, not by a colour. */
const header = (from: string, to: string) => {
  const theme = genPageTheme({ colors: [from, to], shape: shapes.wave });
  return Object.fromEntries(
    [
      'home',
      'documentation',
      'tool',
      'service',
      'website',
      'library',
      'other',
      'app',
      'apis',
      'card',
    ].map(name => [
      name,
      { ...theme, backgroundImage: `linear-gradient(90deg, ${from}, ${to})` },
    ]),
  );
};

const lightTheme = createUnifiedTheme({
  palette: {
    ...palettes.light,
    contrastThreshold,
    primary: { main: '#0b5a8a', dark: '#08466c', light: '#3e86b3' },
    secondary: { main: '#8a5200' },
    background: { default: '#f5f7f9', paper: '#ffffff' },
    text: { primary: '#17222e', secondary: '#4d5b6a' },
    link: '#0b5a8a',
    linkHover: '#08466c',
    navigation,
  },
  typography,
  components,
  pageTheme: header('#16324f', '#1f4d74'),
  defaultPageTheme: 'home',
});

const darkTheme = createUnifiedTheme({
  palette: {
    ...palettes.dark,
    contrastThreshold,
    primary: { main: '#7cc0ee', dark: '#4f9fd4', light: '#a9d7f6' },
    secondary: { main: '#ffc46b' },
    background: { default: '#10161d', paper: '#18212b' },
    text: { primary: '#e8edf2', secondary: '#a7b4c1' },
    link: '#7cc0ee',
    linkHover: '#a9d7f6',
    navigation: { ...navigation, background: '#0a1017' },
  },
  typography,
  components,
  pageTheme: header('#12283f', '#193b59'),
  defaultPageTheme: 'home',
});

export const lightThemeExtension = ThemeBlueprint.make({
  name: 'light',
  params: {
    theme: {
      id: 'light',
      title: 'Light',
      variant: 'light',
      icon: <LightIcon />,
      Provider: ({ children }: { children: ReactNode }) => (
        <UnifiedThemeProvider theme={lightTheme}>
          {children}
        </UnifiedThemeProvider>
      ),
    },
  },
});

export const darkThemeExtension = ThemeBlueprint.make({
  name: 'dark',
  params: {
    theme: {
      id: 'dark',
      title: 'Dark',
      variant: 'dark',
      icon: <DarkIcon />,
      Provider: ({ children }: { children: ReactNode }) => (
        <UnifiedThemeProvider theme={darkTheme}>
          {children}
        </UnifiedThemeProvider>
      ),
    },
  },
});
