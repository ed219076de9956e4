import type { Knex } from "knex";

/**
 * Creates the functions that split texts into words, for products and queries alike. They do not
 * depend on the database's locale or on an extension; lower case for all scripts comes from ICU if
 * the server has it.
 */
export async function createSearchWords(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { encoding: string; icu: boolean }[] }>(`
    select current_setting('server_encoding') as encoding, exists (
      select from pg_collation
      where collname = 'und-x-icu' and collnamespace = 'pg_catalog'::regnamespace) as icu`);
  const [{ encoding, icu } = { encoding: "", icu: false }] = rows;
  const unicode = encoding === "UTF8";
  await knex.raw(fold(unicode, icu));
  await knex.raw(unicode ? words(SEPARATORS, DIVIDERS) : words(ASCII_SEPARATORS, ASCII_DIVIDERS));
}

/** Combining accents of decomposed letters: Latin, Greek and Cyrillic, Hebrew, Arabic. */
const ACCENTS = [
  String.raw`[\u0300-\u036f`,
  String.raw`\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7`,
  String.raw`\u064b-\u065f\u0670]`,
].join("");

/**
 * Characters between words: ASCII except letters and digits, and the blocks of punctuation,
 * currencies, symbols and pictographs.
 */
const ASCII_SEPARATORS = String.raw`\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f`;
const SEPARATORS = [
  ASCII_SEPARATORS,
  String.raw`\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7`,
  String.raw`\u2000-\u206f\u20a0-\u20ff\u2190-\u2bff\u3000-\u3004\u3008-\u3020`,
  String.raw`\ue000-\uf8ff\ufe00-\ufe0f\ufffd\U0001f000-\U0001faff\U000e0000-\U000e01ef`,
].join("");

/** Hyphens and apostrophes, which people write or omit in the same word. */
const ASCII_DIVIDERS = "[-'']";
const DIVIDERS = String.raw`[-''\u2010\u2011\u2019]`;

const fold = (unicode: boolean, icu: boolean) => `
create or replace function nettle_search_fold(sent text) returns text
  language sql immutable strict parallel safe as $fold$
  select case when octet_length(sent) = length(sent) then lower(sent)
    else ${unicode ? foldUnicode("sent", icu) : "lower(sent)"} end
$fold$;
comment on function nettle_search_fold is 'lower case without accents';
`;

/** Returns the SQL that removes the accents of a text and turns it into lower case. */
function foldUnicode(text: string, icu: boolean): string {
  const collation = icu ? ' collate "und-x-icu"' : "";
  const withoutAccents = `regexp_replace(normalize(${text}, NFKD), '${ACCENTS}', '', 'g')`;
  return replaceLetters(`lower(${withoutAccents}${collation})`);
}

/** Replaces letters that Unicode does not decompose, but people write without their accent. */
function replaceLetters(text: string): string {
  const pairs = { ß: "ss", æ: "ae", œ: "oe", þ: "th" };
  return Object.entries(pairs).reduce(
    (inner, [from, to]) => `replace(${inner}, '${from}', '${to}')`,
    `translate(${text}, 'øłđðıħŧ', 'olddiht')`,
  );
}

const words = (separators: string, dividers: string) => `
create or replace function nettle_search_words(sent text) returns text[]
  language sql immutable parallel safe as $words$
  select array(
    select left(word, 40)
    from regexp_split_to_table(nettle_search_fold(left(sent, 20000)), '[${separators}]+') word
    where word <> '')
$words$;
comment on function nettle_search_words is 'the words of a text, folded, in order';

create or replace function nettle_search_terms(sent text) returns text[]
  language sql immutable parallel safe as $terms$
  select nettle_search_words(sent) || case when sent ~ '${dividers}'
    then nettle_search_words(regexp_replace(sent, '${dividers}', '', 'g')) else '{}' end
$terms$;
comment on function nettle_search_terms is
  'its words, and those that hyphens and apostrophes divide in one piece, too';

create or replace function nettle_search_vector(words text[], weight text) returns tsvector
  language sql immutable parallel safe as $vector$
  select coalesce(
    string_agg('''' || word || ''':' || least(place, 16000) || weight, ' '),
    '')::tsvector
  from unnest(words[1:3000]) with ordinality as listed(word, place)
$vector$;

create or replace function nettle_search_keys(attribute text, sought text[]) returns text[]
  language sql immutable parallel safe as $keys$
  select array(select attribute || '=' || nettle_search_fold(value) from unnest(sought) value)
$keys$;
comment on function nettle_search_keys is 'how the index keeps values of an attribute';

create or replace function nettle_search_similar(sought text) returns text[] language plpgsql stable
  set search_path from current as $similar$
begin
  perform set_config('pg_trgm.similarity_threshold', '0.2', true);
  return array(
    select word from nettle_search_word where word % sought
    order by similarity(word, sought) desc, word limit 50);
exception
  when undefined_function or undefined_object or undefined_file or insufficient_privilege then
    return '{}';
end
$similar$;
comment on function nettle_search_similar is
  'words of products that are spelt alike; none without pg_trgm';
`;
