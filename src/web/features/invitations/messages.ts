const english = {
  email: 'Email',
  yourName: 'Your name',
  nameMissing: 'Enter your name.',
  password: 'Password',
  passwordHint: 'At least 8 characters',
  passwordTooShort: 'Use at least 8 characters.',
  join: 'Join',
};

export type InvitationMessages = typeof english;

export const messages: InvitationMessages = english;
