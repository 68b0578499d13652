/** Language and theme of the pages, as two small native menus. */
import { Languages, SunMoon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, languages } from './language.ts';
import { chooseTheme, themes, useTheme } from './theme.ts';

const themeTexts = {
  system: 'preferences.system',
  light: 'preferences.light',
  dark: 'preferences.dark',
} as const;

/** Each language is named in itself, so that everybody finds their own. */
const languageNames = { en: 'English', it: 'Italiano' } as const;

const menu =
  'h-10 cursor-pointer appearance-none rounded-field bg-transparent pl-8 pr-2 text-sm text-muted hover:bg-raised hover:text-ink max-sm:w-10 max-sm:text-transparent';
const option = 'bg-surface text-ink';

export function Preferences() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  return (
    <div className="flex items-center gap-1">
      <span className="relative">
        <Languages
          aria-hidden="true"
          className="pointer-events-none absolute left-2 top-3 size-4 text-muted"
        />
        <select
          aria-label={t('preferences.language')}
          className={menu}
          value={i18n.language}
          onChange={(event) => {
            const language = languages.find((candidate) => candidate === event.target.value);
            if (language) void chooseLanguage(language);
          }}
        >
          {languages.map((language) => (
            <option key={language} value={language} lang={language} className={option}>
              {languageNames[language]}
            </option>
          ))}
        </select>
      </span>
      <span className="relative">
        <SunMoon aria-hidden="true" className="pointer-events-none absolute left-2 top-3 size-4 text-muted" />
        <select
          aria-label={t('preferences.theme')}
          className={menu}
          value={theme}
          onChange={(event) => {
            const chosen = themes.find((candidate) => candidate === event.target.value);
            if (chosen) chooseTheme(chosen);
          }}
        >
          {themes.map((candidate) => (
            <option key={candidate} value={candidate} className={option}>
              {t(themeTexts[candidate])}
            </option>
          ))}
        </select>
      </span>
    </div>
  );
}
