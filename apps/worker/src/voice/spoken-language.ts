/** Which language a reply is spoken in. */
export { type SpokenLanguage, spokenLanguage } from '@sophy/conversation/speech/spoken-language';
