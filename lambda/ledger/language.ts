import type { Language } from '#domain/kernel/refusal.ts'

/**
 * The language of an answer by the request's `Accept-Language` (RFC 9110, 12.5.4): whichever of the platform's two has
 * the greater weight, the one named first where both have the same; English for whoever names neither.
 */
export function preferredLanguage(headers: Readonly<Record<string, string | undefined>> | null): Language {
  const header = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'accept-language')?.[1] ?? ''
  let preferred: { readonly language: Language; readonly weight: number } | undefined
  for (const range of header.split(',')) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const language = tag.split('-')[0]
    if (language !== 'ja' && language !== 'en') continue
    const given = parameters.find((parameter) => parameter.startsWith('q='))
    const weight = given === undefined ? 1 : Number(given.slice('q='.length))
    if (weight > (preferred?.weight ?? 0)) preferred = { language, weight }
  }
  return preferred?.language ?? 'en'
}
