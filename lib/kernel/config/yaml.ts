import { isAlias, isNode, LineCounter, parseAllDocuments, visit, type Document } from 'yaml'
import type { Bilingual } from '#domain/kernel/refusal.ts'
import { ConfigRefused, fileProblem, valueInWords, type Problem } from './problem.ts'

/** A configuration is a page or two; anything larger is not one. */
const MAXIMUM_BYTES = 1_048_576
/** Faults of YAML that are told one by one: what follows the first few is mostly their consequence. */
const TOLD = 3

/** The text of a file's bytes. Throws `ConfigRefused` where they are no UTF-8. */
export function textOf(file: string, bytes: Uint8Array): string {
  if (bytes.length > MAXIMUM_BYTES) throw tooLarge(file, bytes.length)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    throw new ConfigRefused(file, [
      fileProblem(
        'not-utf8',
        utf16
          ? { en: 'found a file in UTF-16', ja: 'UTF-16 のファイルです。' }
          : { en: 'found bytes that are no UTF-8', ja: 'UTF-8 ではないバイト列があります。' },
        { en: 'a configuration is text in UTF-8', ja: '設定ファイルの文字コードは UTF-8 とします。' },
        {
          en: 'save the file as UTF-8 (in an editor: "save with encoding"; iconv -f SHIFT_JIS -t UTF-8 from Shift_JIS)',
          ja: 'UTF-8 で保存し直してください。Shift_JIS からは iconv -f SHIFT_JIS -t UTF-8 でも変換できます。',
        },
      ),
    ])
  }
}

/** The data of a YAML text. Throws `ConfigRefused` with the first few faults where it is no plain YAML. */
export function dataOf(file: string, text: string): unknown {
  if (Buffer.byteLength(text) > MAXIMUM_BYTES) throw tooLarge(file, Buffer.byteLength(text))
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    uniqueKeys: true,
    version: '1.2',
    schema: 'core',
    merge: false,
    lineCounter: lines,
    stringKeys: true,
  })
  const [document] = documents as Document.Parsed[]
  if (!document || documents.length !== 1)
    throw new ConfigRefused(file, [
      fileProblem(
        'documents',
        { en: `found ${documents.length} YAML documents`, ja: `YAML 文書が ${documents.length} 個あります。` },
        { en: 'a file describes one environment', ja: '一つのファイルは一つの環境を記述します。' },
        { en: 'write exactly one document, without ---', ja: '--- を使わず、文書を一つだけ記載してください。' },
      ),
    ])
  const problems = firstOf([...syntaxProblems(document, lines), ...anchorProblems(document, lines)])
  if (problems.length > 0) throw new ConfigRefused(file, problems)
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    throw new ConfigRefused(file, [
      fileProblem(
        'not-data',
        { en: 'found a value that is not data', ja: 'データではない値があります。' },
        { en: 'a configuration is data and nothing else', ja: '設定ファイルに記載できるのはデータだけです。' },
        {
          en: 'write plain YAML: mappings, lists, texts, numbers',
          ja: '普通の YAML（マッピング、一覧、文字列、数）で記載してください。',
        },
      ),
    ])
  }
}

const tooLarge = (file: string, bytes: number) =>
  new ConfigRefused(file, [
    fileProblem(
      'too-large',
      { en: `found ${bytes} bytes`, ja: `${bytes} バイトあります。` },
      { en: 'a configuration is at most 1 MiB', ja: '設定ファイルは 1 MiB 以下とします。' },
      { en: 'write one environment a file', ja: '一つのファイルに一つの環境を記載してください。' },
    ),
  ])

/** The first faults, and how many more there are. */
function firstOf(problems: readonly Problem[]): Problem[] {
  const more = problems.length - TOLD
  if (more <= 0) return [...problems]
  return [
    ...problems.slice(0, TOLD),
    fileProblem(
      'further-yaml',
      { en: `found ${more} further faults of YAML`, ja: `YAML の誤りがほかに ${more} 件あります。` },
      { en: 'they mostly follow from the first ones', ja: '多くは上に示した誤りから生じたものです。' },
      { en: 'mend the first ones, then validate again', ja: '上の誤りを直してから、もう一度検証してください。' },
    ),
  ]
}

/** What the faults mean that people make; any other is shown by its name. */
const MEANING: Readonly<Record<string, { readonly why: Bilingual; readonly next: Bilingual }>> = {
  DUPLICATE_KEY: {
    why: { en: 'a key stands twice in one group', ja: '同じキーが二度記載されています。' },
    next: { en: 'write each key once', ja: 'それぞれのキーを一度だけ記載してください。' },
  },
  TAB_AS_INDENT: {
    why: { en: 'YAML takes no tabs before a key', ja: 'YAML では字下げにタブを使えません。' },
    next: { en: 'indent with spaces', ja: '空白で字下げしてください。' },
  },
  BAD_INDENT: {
    why: { en: 'the indentation does not fit to the lines above', ja: '字下げが前の行と合っていません。' },
    next: { en: 'give the keys of one group the same indentation', ja: '同じ組のキーの字下げをそろえてください。' },
  },
  TAG_RESOLVE_FAILED: {
    why: { en: 'a tag makes something else of a value than data', ja: 'タグは、値をデータ以外のものに変えます。' },
    next: { en: 'write the value without a tag', ja: 'タグを付けずに値を記載してください。' },
  },
  MISSING_CHAR: {
    why: { en: 'a bracket, quote or comma is missing', ja: '括弧、引用符又はコンマが足りません。' },
    next: { en: 'close what was opened', ja: '開いた括弧や引用符を閉じてください。' },
  },
}
const ANY = {
  why: { en: 'the line is no plain YAML 1.2', ja: 'この行は YAML 1.2 として読めません。' },
  next: {
    en: 'write it as the lines of config/demo.yaml are written',
    ja: 'config/demo.yaml の行にならって記載してください。',
  },
} as const

function syntaxProblems(document: Document.Parsed, lines: LineCounter): Problem[] {
  return [...document.errors, ...document.warnings].map(({ code, pos: [offset] }) => ({
    code: 'config.yaml',
    path: placeOf(offset, lines),
    what: { en: `found ${code}`, ja: `YAML の誤り ${code} があります。` },
    ...(MEANING[code] ?? ANY),
  }))
}

function anchorProblems(document: Document.Parsed, lines: LineCounter): Problem[] {
  const problems: Problem[] = []
  visit(document, (_, node) => {
    if (!isAlias(node) && !(isNode(node) && 'anchor' in node && node.anchor)) return undefined
    problems.push({
      code: 'config.anchor',
      path: placeOf(node.range?.[0] ?? 0, lines),
      what: valueInWords(isAlias(node) ? `*${node.source}` : `&${node.anchor}`),
      why: {
        en: 'anchors and aliases hide what a value is and can grow without bound',
        ja: 'アンカーとエイリアスは、値を見えにくくし、際限なく膨らむことがあります。',
      },
      next: { en: 'write the value itself', ja: '値そのものを記載してください。' },
    })
    return visit.SKIP
  })
  return problems
}

function placeOf(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset)
  return `line ${line}, column ${col}`
}
