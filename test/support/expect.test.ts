import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { expectThat } from './expect.ts'

/** What a matcher throws, or rejects with; nothing where it holds. */
async function thrownBy(work: () => unknown): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const failing: readonly { readonly matcher: string; readonly work: () => unknown }[] = [
  { matcher: 'toBe', work: () => expectThat(1, 'one is two').toBe(2) },
  { matcher: 'not', work: () => expectThat(1, 'one is two').not.toBe(1) },
  { matcher: 'resolves', work: () => expectThat(Promise.resolve(1), 'one is two').resolves.toBe(2) },
  { matcher: 'resolves.not', work: () => expectThat(Promise.resolve(1), 'one is two').resolves.not.toBe(1) },
  { matcher: 'resolves of a rejection', work: () => expectThat(readFile('/nowhere'), 'one is two').resolves.toBe(1) },
  { matcher: 'rejects', work: () => expectThat(Promise.reject(new Error('x')), 'one is two').rejects.toThrow('y') },
  { matcher: 'rejects of a value', work: () => expectThat(Promise.resolve(1), 'one is two').rejects.toThrow() },
  {
    matcher: 'rejects.not',
    work: () => expectThat(Promise.reject(new Error('x')), 'one is two').rejects.not.toThrow('x'),
  },
]
for (const { matcher, work } of failing) {
  test(`a failure of ${matcher} begins with the sentence and goes on with the matcher's own`, async () => {
    expect(await thrownBy(work)).toMatch(/^one is two\n\n[\s\S]*expect/)
  })
}

test('what holds passes, in every form', async () => {
  expectThat(1, 'x').toBe(1)
  expectThat(1, 'x').not.toBe(2)
  await expectThat(Promise.resolve(1), 'x').resolves.toBe(1)
  await expectThat(readFile('/nowhere'), 'x').rejects.toThrow('ENOENT')
  await expectThat(Promise.reject(new Error('x')), 'x').rejects.not.toThrow('y')
})
