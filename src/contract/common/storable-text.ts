/** Returns why PostgreSQL cannot store a text, to follow the name of the field, or undefined if it can. */
export function storageFault(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character NUL';
  if (!text.isWellFormed()) return 'must be well-formed Unicode';
  return undefined;
}

/**
 * Characters that could disguise one name as another: control characters, those that change the text direction, and letters
 * without a shape.
 */
export const DISGUISES = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/u;

/** Replaces the characters that PostgreSQL cannot store by U+FFFD. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{fffd}');
}
