/** The Italian and English voices of Kokoro multi-lang v1.0, by their place in its `voices.bin`. */

export type KokoroVoice = {
  readonly id: string;
  readonly name: string;
  readonly gender: 'female' | 'male';
  readonly locale: string;
  readonly language: 'en' | 'it';
  readonly speakerId: number;
};

/** Order of sherpa-onnx's conversion: American, then British English; other languages lie between them and Italian. */
const american =
  'af_alloy af_aoede af_bella af_heart af_jessica af_kore af_nicole af_nova af_river af_sarah af_sky am_adam am_echo am_eric am_fenrir am_liam am_michael am_onyx am_puck am_santa';
const british = 'bf_alice bf_emma bf_isabella bf_lily bm_daniel bm_fable bm_george bm_lewis';
const italian = 'if_sara im_nicola';
const firstBritish = 20;
const firstItalian = 35;

function voices(
  names: string,
  first: number,
  locale: string,
  language: KokoroVoice['language'],
  label: string,
): KokoroVoice[] {
  return names.split(' ').map((id, index) => {
    const given = id.slice(id.indexOf('_') + 1);
    return {
      id,
      name: `Kokoro ${given.charAt(0).toUpperCase()}${given.slice(1)} (${label})`,
      gender: id[1] === 'f' ? 'female' : 'male',
      locale,
      language,
      speakerId: first + index,
    };
  });
}

export const kokoroVoices: readonly KokoroVoice[] = [
  ...voices(italian, firstItalian, 'it_IT', 'it', 'Italian'),
  ...voices(american, 0, 'en_US', 'en', 'English'),
  ...voices(british, firstBritish, 'en_GB', 'en', 'British English'),
];
