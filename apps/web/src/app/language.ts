/** Language of the pages: a person's choice, else the one that the operator set; one JSON file each, loaded when needed. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type english from '../locales/en.json';

export const languages = ['en', 'it'] as const;
export type Language = (typeof languages)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof english };
  }
}

const choiceKey = 'sophy.language';
/** The operator's language as last seen, so that the first paint already has it. */
const operatorKey = 'sophy.language.operator';

const loaders: Readonly<Record<Language, () => Promise<{ default: typeof english }>>> = {
  en: () => import('../locales/en.json'),
  it: () => import('../locales/it.json'),
};

function stored(key: string): Language | null {
  const value = localStorage.getItem(key);
  return languages.find((language) => language === value) ?? null;
}

/** Loads the first language and prepares `t`. */
export async function startLanguage(): Promise<void> {
  const language = stored(choiceKey) ?? stored(operatorKey) ?? 'en';
  const texts = await loaders[language]();
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: texts.default } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
}

async function show(language: Language): Promise<void> {
  if (i18next.language === language) return;
  const texts = await loaders[language]();
  i18next.addResourceBundle(language, 'translation', texts.default);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** A person chose a language: it stays. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(choiceKey, language);
  await show(language);
}

/** The operator's language became known: it counts while the person has chosen none. */
export async function followOperatorLanguage(language: Language): Promise<void> {
  localStorage.setItem(operatorKey, language);
  if (stored(choiceKey) === null) await show(language);
}
