export function maskedUrl(text: string): string {
  if (!URL.canParse(text)) return text.replace(/\/\/.*@/, '//***@');
  const url = new URL(text);
  if (url.password) url.password = '***';
  return url.href;
}
