/** What looks like an object or an array of JSON, parsed; any other text as it is. */
export function decodeText(text: string): unknown {
  return /^\s*[[{]/.test(text) ? parseJson(text) : text;
}

/** What is no JSON stays text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
