import { INK } from './page.ts'

export const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

type Attributes = Readonly<Record<string, string | number>>

/** An element; what stands in it is markup already, its attributes are not. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`)
  const start = `<${name}${written.join('')}`
  return content.length === 0 ? `${start}/>` : `${start}>${content.join('')}</${name}>`
}

interface TextShape {
  readonly x: number
  readonly y: number
  readonly size?: number
  readonly weight?: number
  readonly fill?: string
  readonly anchor?: 'start' | 'middle' | 'end'
}

/** A line of text. */
export const text = (content: string, shape: TextShape) =>
  element(
    'text',
    {
      x: shape.x,
      y: shape.y,
      'font-size': shape.size ?? 13,
      'font-weight': shape.weight ?? 400,
      fill: shape.fill ?? INK,
      'text-anchor': shape.anchor ?? 'start',
    },
    escape(content),
  )

/** Text on a line, with a white edge so that what is under it does not disturb. */
export const label = (content: string, shape: TextShape) =>
  element(
    'g',
    { 'paint-order': 'stroke', stroke: '#fff', 'stroke-width': 5, 'stroke-linejoin': 'round' },
    text(content, shape),
  )

interface BoxShape {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly fill?: string
  readonly stroke?: string
  readonly line?: number
}

export const box = ({ x, y, width, height, fill = '#fff', stroke = INK, line = 1.2 }: BoxShape) =>
  element('rect', { x, y, width, height, rx: 6, fill, stroke, 'stroke-width': line })

/** Parts of the picture that belong together, with what a reader is told of them. */
export const group = (title: string, parts: readonly string[]) =>
  element('g', {}, element('title', {}, escape(title)), ...parts)

interface ArrowShape {
  readonly d: string
  readonly stroke: string
  readonly width: number
}

/** A line with an arrow at its end. */
export const arrow = ({ d, stroke, width }: ArrowShape, ...content: readonly string[]) =>
  element('path', { d, fill: 'none', stroke, 'stroke-width': width, 'marker-end': 'url(#arrow)' }, ...content)
