/** What an engine is called on the page. */
import { useTranslation } from 'react-i18next';
import { choiceTextOf } from './setting-texts.ts';

/** Gives the name of an engine by its id; the id itself where a newer service has one that this page does not know. */
export function useEngineName(): (engine: string) => string {
  const { t } = useTranslation();
  return (engine) => {
    const text = choiceTextOf(engine);
    return text ? t(text) : engine;
  };
}
