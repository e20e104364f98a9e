const english = {
  personChanged: 'You are no longer signed in as the person who made this request. Reload the page.',
  timeout: 'The server did not answer in time. Try again.',
  unreachable: 'The server cannot be reached. Check your connection and try again.',
  unexpectedStatus: (status: number) => `The server answered with status ${status}. Try again.`,
  unknown: 'Something went wrong. Try again.',
};

export type ApiMessages = typeof english;

export const messages: ApiMessages = english;
