-- What a plugin adds to a shop: a table with foreign keys, columns, an index, a trigger, a schema.
create table wishlist (
  id character varying primary key,
  customer_id character varying not null references customer (id) on delete cascade,
  product_id character varying not null references product (id),
  noted_at timestamp with time zone not null default now()
);
create index wishlist_customer on wishlist (customer_id);

alter table product add column rating integer not null default 0;
create index product_by_rating on product (rating) where deleted_at is null;
alter table "order" add column erp_number character varying;

create schema reviews;
create type reviews.verdict as enum ('good', 'bad');
create table reviews.review (
  id bigint generated always as identity primary key,
  product_id character varying not null references public.product (id) on delete cascade,
  verdict reviews.verdict not null
);
create view reviews.verdicts as
  select product_id, count(*) as reviews from reviews.review group by product_id;

create sequence erp_numbers;
create function number_for_erp() returns trigger language plpgsql as $$
begin
  new.erp_number := 'ERP-' || nextval('erp_numbers');
  return new;
end
$$;
create trigger number_for_erp before insert on "order"
  for each row execute function number_for_erp();
comment on column "order".erp_number is 'The number in the ERP';
