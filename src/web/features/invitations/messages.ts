import { formatNumber } from '../../i18n/format.ts';

const english = {
  email: 'Email',
  yourName: 'Your name',
  nameMissing: 'Enter your name.',
  password: 'Password',
  passwordHint: (min: number) => `At least ${formatNumber(min)} characters`,
  passwordTooShort: (min: number) => `Use at least ${formatNumber(min)} characters.`,
  join: 'Join',
};

export type InvitationMessages = typeof english;

export const messages: InvitationMessages = english;
