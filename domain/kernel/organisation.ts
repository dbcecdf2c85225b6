/**
 * Names of organisations, compared so that no spelling hides a conflict of interest (C-4). What two names share by
 * mistake costs a reviewer another assignment; what they fail to share could let somebody judge their own application.
 * So in doubt they are the same.
 */

/**
 * Characters that look alike in print but differ in code: Cyrillic and Greek letters as Latin ones, katakana as the
 * ideographs they resemble.
 */
const lookAlikes = new Map(
  Object.entries({
    a: 'аα',
    b: 'вβ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еε',
    h: 'нһη',
    i: 'іιı',
    j: 'ј',
    k: 'кκ',
    m: 'мμ',
    n: 'ν',
    o: 'оοσ',
    p: 'рρ',
    q: 'ԛ',
    s: 'ѕ',
    t: 'тτ',
    u: 'υ',
    w: 'ԝω',
    x: 'хχ',
    y: 'уγ',
    z: 'ζ',
    一: 'ー',
    二: 'ニ',
    八: 'ハ',
    力: 'カ',
    口: 'ロ',
    夕: 'タ',
    工: 'エ',
    卜: 'ト',
    へ: 'ヘ',
    べ: 'ベ',
    ぺ: 'ペ',
    ノ: '丿',
    ケ: 'ヶ',
  }).flatMap(([seen, others]) => [...others].map((other) => [other, seen] as const)),
)

/** Space, punctuation, and what prints nothing at all. */
const UNSEEN = /[\p{Z}\p{P}\p{C}\p{Default_Ignorable_Code_Point}]/gu

/** What two spellings of one organisation have in common; empty where a name has nothing that can be compared. */
export function organisationKey(organisation: string): string {
  // By way of capitals, so that letters whose small forms differ (ß and ss, ς and σ) meet; and normalised again, for
  // case may undo it.
  const plain = organisation.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replaceAll(UNSEEN, '')
  return [...plain].map((character) => lookAlikes.get(character) ?? character).join('')
}

export const sameOrganisation = (a: string, b: string) => organisationKey(a) === organisationKey(b)
