import { drawTunnel } from './links.ts'
import { FLOW, QUIET, WARNING, WIDTH } from './page.ts'
import { box, element, group, text } from './svg.ts'

const NOT_PROVED = 'NOT PROVED 未証明: the templates let other flows pass than are drawn here. Run: npm run check'

const ABSENT = {
  en: [
    'Not drawn because it does not exist: desktop → Internet, database → database,',
    'database → desktop that did not ask, project → project.',
  ].join(' '),
  ja: [
    '描かれていない通信は存在しません：仮想デスクトップ→インターネット、DB→DB、',
    'DB→求めていない仮想デスクトップ、研究→別の研究。',
  ].join(''),
} as const

export function drawLegend(y: number, proved: boolean): string {
  const flow = {
    x1: 60,
    y1: y,
    x2: 106,
    y2: y,
    stroke: FLOW,
    'stroke-width': 2.4,
    'marker-end': 'url(#arrow)',
  }
  return group('legend', [
    box({ x: 40, y: y - 26, width: WIDTH - 80, height: 92, stroke: '#c5ccd3' }),
    element('line', flow),
    text('may open a connection (answers follow); there is no other flow to or from a database', {
      x: 118,
      y: y + 5,
      size: 12,
    }),
    ...drawTunnel(700, 48, y),
    text('IPsec tunnel; with both down nothing leaves in clear', { x: 758, y: y + 5, size: 12 }),
    ...(proved
      ? [text(ABSENT.en, { x: 60, y: y + 32, size: 12 }), text(ABSENT.ja, { x: 60, y: y + 52, size: 12, fill: QUIET })]
      : [text(NOT_PROVED, { x: WIDTH - 60, y: y + 32, size: 14, weight: 700, fill: WARNING, anchor: 'end' })]),
  ])
}
