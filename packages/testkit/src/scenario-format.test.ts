/** What is wrong with a scenario file is said with file, line and what is expected. */
import { describe, expect, it } from 'vitest';
import { parseScenario } from './scenario/parse-scenario.ts';

const head = 'title: A nod does not stop the agent\npeople: [anna, bruno]\n';
const good = `${head}timeline:\n  - 0.0-1.6 anna: Sophy, tell us\nexpect:\n  - anna "tell us" answered by addressed\n`;

function problemOf(text: string): string {
  try {
    parseScenario('nod.yaml', text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no problem';
}

describe('a scenario file', () => {
  it('is read, with the usual rate of speech where an end is left out', () => {
    const { people, timeline, recognition } = parseScenario('nod.yaml', good.replace('0.0-1.6', '2.0'));
    expect(people).toEqual([
      { id: 'anna', name: 'Anna' },
      { id: 'bruno', name: 'Bruno' },
    ]);
    expect(timeline).toMatchObject([{ type: 'sound', kind: 'words', atMs: 2_000, untilMs: 2_933 }]);
    expect(recognition).toEqual(['upload', 'streaming']);
  });

  it('keeps words that YAML takes for something else', () => {
    const text = good.replace('Sophy, tell us', 'no').replace('"tell us"', '"no"');
    expect(parseScenario('nod.yaml', text).timeline).toMatchObject([{ words: 'no' }]);
    expect(parseScenario('nod.yaml', text.replace(': no', ': 12')).timeline).toMatchObject([{ words: '12' }]);
  });

  it('repeats words and moments', () => {
    const text = good.replace('0.0-1.6 anna: Sophy, tell us', '1.0 every 2.0 x 3 anna types: tell us (x 2)');
    expect(parseScenario('nod.yaml', text).timeline).toMatchObject(
      [1_000, 3_000, 5_000].map((atMs) => ({ type: 'types', atMs, text: 'tell us tell us' })),
    );
  });

  it.each([
    ['a missing title', good.replace(/title.*\n/, ''), /^nod\.yaml:1: title: /],
    ['an unknown key', `${good}tempo: 2\n`, /Unrecognized key: "tempo"/],
    ['YAML that does not parse', good.replace('tell us\n', 'tell: us: now\n'), /^nod\.yaml:4: .*quotes/],
    ['an unknown setting', `${good}settings: { barge: nobody }\n`, /^nod\.yaml:7: settings: .*barge/],
    [
      'a setting of another kind',
      `${good}settings: { barge_in: maybe }\n`,
      /^nod\.yaml:7: settings\.barge_in: .*everyone/,
    ],
    ['a line without a time', good.replace('0.0-1.6 ', ''), /^nod\.yaml:4: .*time in seconds/],
    [
      'an end before its beginning',
      good.replace('0.0-1.6', '2.0-1.6'),
      /^nod\.yaml:4: the end must come after/,
    ],
    [
      'a stranger on the timeline',
      good.replace('1.6 anna', '1.6 carla'),
      /^nod\.yaml:4: "carla" is nobody of "people" \(anna, bruno\)/,
    ],
    [
      'something that does not happen',
      good.replace('anna: Sophy, tell us', 'anna sings'),
      /^nod\.yaml:4: .*Write one of:\n.*words/,
    ],
    [
      'two sounds of one person at once',
      good.replace('expect:', '  - 1.0 anna: and more\nexpect:'),
      /^nod\.yaml:5: this person still sounds/,
    ],
    [
      'noise without an end',
      good.replace('0.0-1.6 anna: Sophy, tell us', '1.0 anna makes noise'),
      /^nod\.yaml:4: say until when/,
    ],
    [
      'a wrong setting on the timeline',
      good.replace('0.0-1.6 anna: Sophy, tell us', '1.0 setting barge_in: maybe'),
      /^nod\.yaml:4: "barge_in: maybe" is no setting/,
    ],
    [
      'an expectation that says nothing',
      good.replace('answered by addressed', 'is happy'),
      /^nod\.yaml:6: .*Write one of:\n.*answered by addressed/,
    ],
    [
      'a stranger in an expectation',
      good.replace('- anna "', '- carla "'),
      /^nod\.yaml:6: "carla" is nobody/,
    ],
  ])('with %s is refused', (_what, text, message) => {
    expect(problemOf(text)).toMatch(message);
  });
});
