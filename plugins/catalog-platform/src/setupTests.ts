import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Machines that run other tests at the same time are slow, and nothing here measures time.
configure({ asyncUtilTimeout: 10_000 });
