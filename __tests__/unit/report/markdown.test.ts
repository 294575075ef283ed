import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { toMarkdownCode, toMarkdownText } from '../../../src/report/markdown.js'
import { decodeEntities, withoutEntities } from '../../support/markdown.js'

describe('text in markdown', () => {
  test.each([
    ['bold', '**x** __y__'],
    ['code', '`x` ``` y ~~~'],
    ['struck', '~~x~~'],
    ['a link', '[x](https://evil.example)'],
    ['an image', '![x](https://evil.example/x.png)'],
    ['a bare link', 'https://evil.example'],
    ['a mail address', 'someone@evil.example'],
    ['a mention', '@octocat and @org/team'],
    ['an issue', '#1 and org/repo#1'],
    ['HTML', '<script>alert(1)</script><img src=x onerror=y>'],
    ['a comment', '<!-- x -->'],
    ['an entity', '&lt;b&gt; &#64;octocat'],
    ['a table', 'x | y | z'],
    ['an escaped table', 'x \\| y'],
    ['a heading', '# x'],
    ['mathematics', '$x$ $$y$$'],
    ['an emoji', ':smile:'],
    ['an alert', '> [!WARNING]'],
    ['a footnote', '[^1]'],
  ])('forms no %s', (_, text) => {
    expect(withoutEntities(toMarkdownText(text))).not.toMatch(/[<>[\]*_`~#@!|\\&$:/=]/)
    expect(withoutEntities(toMarkdownCode(text).replace(/^<code>(.*)<\/code>$/, '$1'))).not.toMatch(
      /[<>[\]*_`~#@!|\\&$:/=]/,
    )
  })

  test('leaves letters and digits of all scripts as they are', () => {
    const text = 'Größe 本番 ٣ 𝒳'
    expect(toMarkdownText(text)).toBe(text)
  })

  test.each([
    '- x',
    '+ x',
    '* x',
    '1. x',
    '23) x',
    '12.',
    '-',
    '--- ',
    '===',
    '> x',
    '    - x',
    '\n- x',
    '\u00a0- x',
    '0. x',
  ])('%j begins no list, rule, quote or heading', (text) => {
    expect(toMarkdownText(text)).not.toMatch(/^\s*(?:[-+*>=#]|\d+[.)])/)
  })

  test.each(['www.evil.example', 'see WWW.evil.example', 'x www.evil.example y', 'wwwww.evil.example'])(
    '%s is no link',
    (text) => {
      expect(toMarkdownText(text)).not.toMatch(/www\./i)
      expect(toMarkdownCode(text)).not.toMatch(/www\./i)
    },
  )

  test.each(['@octocat', 'x @octocat', 'x@octocat', '@@octocat'])(
    '%s mentions nobody, even after its entities are read',
    (text) => {
      const shown = decodeEntities(toMarkdownText(text))
      expect(shown).not.toMatch(/@\w/)
    },
  )

  test('stays on its line, and what the runner reads stays harmless', () => {
    expect(toMarkdownText('a\n\n## b\r\n::error::c')).not.toMatch(/[\r\n]|::/)
    expect(toMarkdownCode('a\n\n## b\r\n::error::c')).not.toMatch(/[\r\n]|::/)
  })

  test.each(['Not sent: cpu 16 is above max-cpu 8', 'Überraschung — 日本語, “quoted”…', 'v1.32.3+k3s1 → 1.33 (soon?)'])(
    'reads as it was: %s',
    (text) => {
      const shown = decodeEntities(toMarkdownText(text))
      expect(shown).toBe(text)
    },
  )

  test('of whatever characters, no markup is left', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(withoutEntities(toMarkdownText(text))).not.toMatch(/[<>[\]*_`~#@!|\\&$\n\r]/)
        expect(toMarkdownCode(text)).toMatch(/^<code>[^<>\n\r|`]*<\/code>$/)
      }),
    )
  })
})
