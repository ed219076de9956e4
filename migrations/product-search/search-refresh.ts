import type { Knex } from "knex";

/**
 * Creates the functions that take marks and read the marked products again, in batches. Concurrent
 * calls run one after another, so a product is never overwritten from an older reading. A mark
 * becomes visible together with its change, so no change is missed.
 */
export async function createSearchRefresh(knex: Knex): Promise<void> {
  await knex.raw(document);
  await knex.raw(refresh);
}

const document = `
create or replace function nettle_search_documents(sought text[])
  returns setof nettle_product_search
  language sql stable set search_path from current as $documents$
  select p.id::text, p.created_at, listed.title_words,
    listed.title_words
      || nettle_search_vector(nettle_search_terms(concat_ws(' ', p.subtitle, p.handle, v.texts,
        o.texts, c.title, y.value, t.texts, k.texts)), 'B')
      || nettle_search_vector(nettle_search_words(p.description), 'D'),
    array_remove(v.codes || lower(p.handle), null)::text[],
    array(select j.sales_channel_id::text from product_sales_channel j where j.product_id = p.id),
    f.facets,
    array(
      select unnest(nettle_search_keys(e.key, array(select jsonb_array_elements_text(e.value))))
      from jsonb_each(f.facets) e),
    m.prices
  from product p
  left join product_collection c on c.id = p.collection_id and c.deleted_at is null
  left join product_type y on y.id = p.type_id and y.deleted_at is null
  cross join lateral (
    select nettle_search_vector(nettle_search_terms(p.title), 'A') as title_words) listed
  cross join lateral (
    select string_agg(concat_ws(' ', v.title, v.sku), ' ') as texts,
      coalesce(jsonb_agg(distinct v.title), '[]') as titles,
      coalesce(jsonb_agg(distinct v.sku) filter (where v.sku is not null), '[]') as skus,
      coalesce(array_agg(lower(v.sku)) || array_agg(lower(v.barcode)) || array_agg(lower(v.ean))
        || array_agg(lower(v.upc)), '{}') as codes
    from product_variant v where v.product_id = p.id and v.deleted_at is null) v
  cross join lateral (
    select string_agg(distinct o.value, ' ') as texts,
      coalesce(jsonb_agg(distinct o.value), '[]') as options
    from product_variant v join product_option_value o on o.variant_id = v.id
    where v.product_id = p.id and v.deleted_at is null and o.deleted_at is null) o
  cross join lateral (
    select string_agg(t.value, ' ') as texts,
      coalesce(jsonb_agg(distinct t.value), '[]') as tags, coalesce(jsonb_agg(t.id), '[]') as ids
    from product_tags j join product_tag t on t.id = j.product_tag_id
    where j.product_id = p.id and t.deleted_at is null) t
  cross join lateral (
    select string_agg(k.name, ' ') as texts,
      coalesce(jsonb_agg(distinct k.name), '[]') as names, coalesce(jsonb_agg(k.id), '[]') as ids
    from product_category_product j join product_category k on k.id = j.product_category_id
    where j.product_id = p.id and k.is_active and not k.is_internal) k
  cross join lateral (
    select
      coalesce(jsonb_object_agg(currency_code, jsonb_build_array(lowest, highest)), '{}') as prices
    from (
      select m.currency_code, min(m.amount) as lowest, max(m.amount) as highest
      from product_variant v
      join product_variant_money_amount j on j.variant_id = v.id
      join money_amount m on m.id = j.money_amount_id
      where v.product_id = p.id and v.deleted_at is null and j.deleted_at is null
        and m.deleted_at is null and m.price_list_id is null
      group by m.currency_code) listed) m
  cross join lateral (
    select jsonb_build_object(
      'id', jsonb_build_array(p.id), 'handle', jsonb_build_array(p.handle),
      'is_giftcard', jsonb_build_array(p.is_giftcard),
      'collection_id', case when p.collection_id is null then '[]'
        else jsonb_build_array(p.collection_id) end,
      'collection_title', case when c.id is null then '[]' else jsonb_build_array(c.title) end,
      'collection_handle', case when c.handle is null then '[]'
        else jsonb_build_array(c.handle) end,
      'type_id', case when p.type_id is null then '[]' else jsonb_build_array(p.type_id) end,
      'type_value', case when y.id is null then '[]' else jsonb_build_array(y.value) end,
      'tags', t.ids, 'tags_value', t.tags, 'category_id', k.ids, 'categories', k.names,
      'variant_sku', v.skus, 'variant_title', v.titles,
      'variant_options_value', o.options) as facets) f
  where p.id = any(sought) and p.deleted_at is null and p.status = 'published'
$documents$;
comment on function nettle_search_documents is 'what published products are found by';
`;

const refresh = `
create or replace function nettle_search_marked(kinds text[], ids text[]) returns setof text
  language sql stable set search_path from current as $marked$
  with mark as (select distinct kind, id from unnest(kinds, ids) as listed(kind, id))
  select id from mark where kind = 'product'
  union select product_id from nettle_product_search
    where exists (select from mark where kind = 'all')
  union select id from product where exists (select from mark where kind = 'all')
  union select p.id from mark join product p on p.collection_id = mark.id
    where mark.kind = 'collection'
  union select p.id from mark join product p on p.type_id = mark.id where mark.kind = 'type'
  union select j.product_id from mark join product_tags j on j.product_tag_id = mark.id
    where mark.kind = 'tag'
  union select j.product_id from mark
    join product_category_product j on j.product_category_id = mark.id
    where mark.kind = 'category'
  union select v.product_id from mark join product_variant v on v.id = mark.id
    where mark.kind = 'variant'
  union select v.product_id from mark
    join product_variant_money_amount j on j.money_amount_id = mark.id
    join product_variant v on v.id = j.variant_id
    left join money_amount m on m.id = j.money_amount_id
    where mark.kind = 'price' and m.price_list_id is null
$marked$;
comment on function nettle_search_marked is
  'the products that marks stand for, each once; prices of price lists stand for none';

create or replace function nettle_search_refresh(most integer) returns integer language plpgsql
  set search_path from current as $refresh$
declare
  ids text[];
begin
  perform pg_advisory_xact_lock(hashtext('nettle_product_search'));
  if (select count(distinct id) < count(*) or bool_or(kind <> 'product')
      from (select kind, id from nettle_product_search_due order by seq limit 200000) first) then
    with taken as (
      delete from nettle_product_search_due where seq in (
        select seq from nettle_product_search_due order by seq limit 200000) returning kind, id)
    insert into nettle_product_search_due (kind, id)
      select 'product', marked
      from (select array_agg(kind) as kinds, array_agg(id) as ids from taken) t,
        nettle_search_marked(t.kinds, t.ids) marked;
  end if;
  with taken as (
    delete from nettle_product_search_due where seq in (
      select seq from nettle_product_search_due order by seq limit most) returning kind, id)
  select array(select nettle_search_marked(array_agg(kind), array_agg(id)) from taken) into ids;
  if cardinality(ids) = 0 then
    return (select count(*) from (select from nettle_product_search_due limit 1) more);
  end if;

  delete from nettle_product_search s where s.product_id = any(ids)
    and not exists (
      select from product p
      where p.id = s.product_id and p.deleted_at is null and p.status = 'published');
  insert into nettle_product_search as known select * from nettle_search_documents(ids)
    on conflict (product_id) do update set
      created_at = excluded.created_at, title_words = excluded.title_words,
      words = excluded.words, exact_keys = excluded.exact_keys, channels = excluded.channels,
      facets = excluded.facets, keys = excluded.keys, prices = excluded.prices
    where known.* is distinct from excluded.*;
  insert into nettle_search_word
    select distinct word from nettle_product_search s, unnest(tsvector_to_array(s.words)) word
    where s.product_id = any(ids) and length(word) between 3 and 30 and word !~ '[0-9]'
    on conflict do nothing;
  return cardinality(ids);
end
$refresh$;
comment on function nettle_search_refresh is
  'reads up to so many marked products anew; how many there were, 0 when no mark is left';
`;
