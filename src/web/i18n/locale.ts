/** Language of the document, in which the messages are written: "en". */
const language = document.documentElement.lang || 'en';

/** Locale of numbers, dates and lists: the browser's variant of the document's language ("en-GB"), or the language itself. */
export const locale =
  navigator.languages.find((candidate) => new Intl.Locale(candidate).language === language) ?? language;
