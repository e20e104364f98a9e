const english = {
  close: 'Close',
  cancel: 'Cancel',
  retry: 'Retry',
  loading: 'Loading',
  dismiss: 'Dismiss',
  notifications: 'Notifications',
  justNow: 'just now',
  copy: 'Copy',
  copied: 'Copied',
  copiedAnnouncement: 'Copied.',
  copyByHand: 'Your browser does not allow copying. The text is selected: copy it yourself.',
};

export type UiMessages = typeof english;

export const messages: UiMessages = english;
