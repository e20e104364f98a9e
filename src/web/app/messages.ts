const english = {
  skipToContent: 'Skip to content',
  offline: 'You’re offline. Check your connection, then reload the page.',
  crashed: 'Reload the page to get the latest version.',
  reload: 'Reload the page',
  personChanged: (name: string) =>
    `You are now signed in as ${name}, because the account changed in another tab. Unsaved changes on this page were discarded.`,
};

export type AppMessages = typeof english;

export const messages: AppMessages = english;
