import assert from 'node:assert/strict';
import fc from 'fast-check';
import { displayText, displayTextWithoutMarkup } from '../../../src/ui/displayText';

describe('displayText', () => {
  it('leaves ordinary text in any language unchanged', () => {
    for (const text of ['Looney Corp', 'Müller & Söhne', '日本語', 'العربية', '👩 🚀', 'a-b_c.d', ''])
      assert.equal(displayText(text), text);
  });

  const written: Record<string, string[]> = {
    Persian: ['داده\u200cپردازان نوین', 'کتاب\u200cخانه\u200cها', 'API\u200cها', '۳\u200cبعدی', 'مي\u200cشَود'],
    'Urdu, Kurdish, Pashto and Uyghur': ['نستعلیق\u200cنگار', 'كۆمپانیای\u200cمن', 'نه\u200cوي', 'ئە\u200cلا'],
    'Arabic and Hebrew': ['شركة الأفق للتقنية', 'חברת \u05d0ופק בע״מ', 'מַיִם'],
    'Hindi, Marathi and Nepali': ['क्\u200dष सेवा', 'दर्\u200dया', 'श्रीमान्\u200cको'],
    'Bengali, Sinhala and Malayalam': [
      'র\u200d্যাব',
      'ශ්\u200dරී ලංකා',
      'അവന്\u200d',
      'കണ്ണന്\u200d ട്രേഡേഴ്സ്',
      'മാര്\u200dക്കറ്റ്\u200c',
    ],
    'Kannada, Telugu, Tamil and Gujarati': ['ಸಾಫ್ಟ್\u200cವೇರ್', 'సాఫ్ట్\u200cవేర్', 'க்\u200cஷ', 'સોફ્ટ્\u200cવેર'],
    'Khmer, Thai, Lao and Burmese': ['ក្រុម\u200bហ៊ុន', 'บริษัท\u200bไทย', 'ບໍລິສັດ\u200bລາວ', 'မြန်\u200bမာ'],
    Mongolian: ['ᠮᠣᠩᠭᠣᠯ\u180eᠠ', 'ᠭ\u180bᠠ'],
    'Japanese and Chinese names with variation selectors': [
      '葛\u{e0100}城',
      '辻\u{e0101}',
      '邉\u{e0102}製作所',
      '中国公司',
    ],
    'emoji with several parts': [
      '👩🏽\u200d💻 Freelance',
      '👨\u200d👩\u200d👧',
      '🏳️\u200d🌈',
      '🏳️\u200d⚧️',
      '🧑🏻\u200d❤️\u200d💋\u200d🧑🏿',
      '🏃🏽\u200d♀️\u200d➡️',
      '🐦\u200d⬛',
      '👁️\u200d🗨️',
    ],
    'flags, keycaps and styles of signs': ['🇮🇳 🇩🇪', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', '🏴\u200d☠️', '1️⃣', '#️⃣', '❤️', '✔︎', '™️'],
    'combining marks': ['Nguyễn', 'Åsa', 'e\u0301t\u00e9', 'ไทย', 'தமிழ்', '한국'],
    Braille: ['⠁⠃\u2800⠉'],
  };
  for (const [script, texts] of Object.entries(written)) {
    it(`shows ${script} unchanged`, () => {
      for (const text of texts) assert.equal(displayText(text), text);
    });
  }

  const deceiving: Record<string, [text: string, shown: string][]> = {
    'a joiner between Latin letters': [
      ['Ac\u200dme', 'Ac\\u200dme'],
      ['Ac\u200cme', 'Ac\\u200cme'],
    ],
    'a joiner at an edge': [
      ['\u200dداده', '\\u200dداده'],
      ['داده\u200c', 'داده\\u200c'],
      ['داده\u200c نوین', 'داده\\u200c نوین'],
      ['💻\u200d', '💻\\u200d'],
      ['\u200d💻', '\\u200d💻'],
    ],
    'joiners in a row': [
      ['داده\u200c\u200cپرداز', 'داده\\u200c\\u200cپرداز'],
      ['👩\u200d\u200d💻', '👩\\u200d\\u200d💻'],
    ],
    'a joiner between an emoji and a letter': [['💻\u200dAcme', '💻\\u200dAcme']],
    'a variation selector with nothing to vary': [
      ['Acme\ufe0f', 'Acme\\ufe0f'],
      ['❤\ufe0f\ufe0f', '❤\ufe0f\\ufe0f'],
      ['A\u{e0100}', 'A\\u{e0100}'],
      ['1\ufe0f', '1\\ufe0f'],
      ['a\u180b', 'a\\u180b'],
    ],
    'text in tag characters': [
      ['Acme\u{e0041}\u{e0042}', 'Acme\\u{e0041}\\u{e0042}'],
      ['🏴\u{e0061}\u{e007f}', '🏴\\u{e0061}\\u{e007f}'],
    ],
    'an invisible filler': [
      ['Acme\u3164', 'Acme\\u3164'],
      ['\uffa0', '\\uffa0'],
      ['\u115f\u1160', '\\u115f\\u1160'],
      ['Acme\u2800', 'Acme\\u2800'],
      ['a\u034fb', 'a\\u034fb'],
      ['\u17b4', '\\u17b4'],
    ],
    'half a character': [
      ['Acme \ud83d', 'Acme \\ud83d'],
      ['\udcbb', '\\udcbb'],
    ],
    'a direction mark in a right-to-left name': [
      ['חברה\u200f!', 'חברה\\u200f!'],
      ['\u202bداده\u202c', '\\u202bداده\\u202c'],
      ['داده\u2069', 'داده\\u2069'],
    ],
  };
  for (const [what, pairs] of Object.entries(deceiving)) {
    it(`shows ${what} as an escape`, () => {
      for (const [text, shown] of pairs) assert.equal(displayText(text), shown);
    });
  }

  const escaped: Record<string, string> = {
    'a line break': '\n',
    'a tab': '\t',
    NUL: '\u0000',
    'an escape sequence': '\u001b',
    'a C1 control': '\u0085',
    'a soft hyphen': '\u00ad',
    'a zero-width space': '\u200b',
    'a left-to-right mark': '\u200e',
    'a right-to-left override': '\u202e',
    'a right-to-left isolate': '\u2067',
    'an Arabic letter mark': '\u061c',
    'a word joiner': '\u2060',
    'a byte order mark': '\ufeff',
    'a line separator': '\u2028',
  };
  for (const [name, character] of Object.entries(escaped)) {
    it(`shows ${name} as an escape`, () => {
      const code = character.charCodeAt(0).toString(16).padStart(4, '0');
      assert.equal(displayText(`a${character}b`), `a\\u${code}b`);
    });
  }

  it('leaves no control or direction character in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(
          displayText(text),
          /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/,
        );
        assert.doesNotMatch(displayText(text), /(?<=[\u0020-\u02ff])[\u200b-\u200d](?=[\u0020-\u02ff])/);
        assert.equal(displayText(displayText(text)), displayText(text));
      }),
    );
  });
});

describe('displayTextWithoutMarkup', () => {
  it('keeps text that looks like an icon from becoming one', () => {
    const shown = displayTextWithoutMarkup('$(check) all is well $(shield)');
    assert.doesNotMatch(shown, /\$\(/);
    assert.match(shown, /check.*all is well.*shield/);
  });

  it('escapes like displayText', () => assert.equal(displayTextWithoutMarkup('a\u202eb'), 'a\\u202eb'));
});
