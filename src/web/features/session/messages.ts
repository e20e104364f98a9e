import type { Theme } from './theme.ts';

const themes: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

const english = {
  organization: (org: string) => `Organization: ${org}`,
  account: (name: string) => `Account of ${name}`,
  theme: 'Theme',
  themes,
  signOut: 'Sign out',
  signIn: 'Sign in',
  email: 'Email',
  emailMissing: 'Enter your email.',
  password: 'Password',
  passwordMissing: 'Enter your password.',
  or: 'or',
  retry: 'Retry',
  continueWith: (provider: string) => `Continue with ${provider}`,
  tryDemo: 'Try the demo',
  continueAs: (name: string) => `Continue as ${name}`,
};

export type SessionMessages = typeof english;

export const messages: SessionMessages = english;
