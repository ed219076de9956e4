-- Fills an empty database of Medusa 1.20.11 with 20,000 products, 100,000 orders and 500,000 carts.
\set ON_ERROR_STOP on
begin;
insert into currency (code, symbol, symbol_native, name)
  values ('eur', '€', '€', 'Euro') on conflict do nothing;
insert into store (id, name) values ('store_large', 'Large shop');
insert into region (id, name, currency_code, tax_rate) values ('reg_large', 'EU', 'eur', 0);
insert into customer (id, email) select 'cus_' || n, 'c' || n || '@example.com'
  from generate_series(1, 20000) n;
insert into product (id, title, handle, description, status, created_at)
  select 'prod_' || n, 'Product ' || n, 'product-' || n, 'Warm boots and socks, made to last ' || n,
    'published', now() - n * interval '1 minute'
  from generate_series(1, 20000) n;
insert into product_option (id, title, product_id)
  select 'opt_' || n, 'Size', 'prod_' || n from generate_series(1, 20000) n;
insert into product_variant (id, title, product_id, sku, inventory_quantity)
  select 'variant_' || n || '_' || size, 'Size ' || size, 'prod_' || n, 'SKU-' || n || '-' || size, 10
  from generate_series(1, 20000) n, generate_series(1, 3) size;
insert into product_option_value (id, value, option_id, variant_id)
  select 'optval_' || n || '_' || size, 'Size ' || size, 'opt_' || n, 'variant_' || n || '_' || size
  from generate_series(1, 20000) n, generate_series(1, 3) size;
insert into money_amount (id, currency_code, amount)
  select 'ma_' || n || '_' || size, 'eur', 1000 + n
  from generate_series(1, 20000) n, generate_series(1, 3) size;
insert into product_variant_money_amount (id, money_amount_id, variant_id)
  select 'pvma_' || n || '_' || size, 'ma_' || n || '_' || size, 'variant_' || n || '_' || size
  from generate_series(1, 20000) n, generate_series(1, 3) size;
insert into cart (id, region_id, type, created_at)
  select 'cart_' || n, 'reg_large', 'default', now() - n * interval '10 seconds'
  from generate_series(1, 500000) n;
insert into "order" (id, cart_id, customer_id, email, region_id, currency_code,
    created_at)
  select 'order_' || n, 'cart_' || n, 'cus_' || n % 20000 + 1, 'c@example.com', 'reg_large', 'eur',
    now() - n * interval '10 seconds'
  from generate_series(1, 100000) n;
insert into line_item (id, cart_id, order_id, title, unit_price, quantity, variant_id)
  select 'item_' || n, 'cart_' || n, case when n <= 100000 then 'order_' || n end, 'Product', 1000,
    1, 'variant_' || n % 20000 + 1 || '_1'
  from generate_series(1, 500000) n;
insert into line_item_tax_line (id, rate, name, code, item_id)
  select 'litl_' || n, 0, 'default', 'default', 'item_' || n from generate_series(1, 100000) n;
commit;
analyze;
