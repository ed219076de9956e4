import type { Knex } from "knex";

/**
 * Adds the foreign keys of regions, products, prices, customers, discounts and shipping options.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
alter table region
  add constraint "FK_3bdd5896ec93be2f1c62a3309a5" foreign key (currency_code)
    references currency (code),
  add constraint "FK_91f88052197680f9790272aaf5b" foreign key (tax_provider_id)
    references tax_provider (id);

alter table country
  add constraint "FK_b1aac8314662fa6b25569a575bb" foreign key (region_id) references region (id);

alter table region_payment_providers
  add constraint "FK_3a6947180aeec283cd92c59ebb0" foreign key (provider_id)
    references payment_provider (id) on delete cascade,
  add constraint "FK_8aaa78ba90d3802edac317df869" foreign key (region_id)
    references region (id) on delete cascade;

alter table region_fulfillment_providers
  add constraint "FK_37f361c38a18d12a3fa3158d0cf" foreign key (provider_id)
    references fulfillment_provider (id) on delete cascade,
  add constraint "FK_c556e14eff4d6f03db593df955e" foreign key (region_id)
    references region (id) on delete cascade;

alter table tax_rate
  add constraint "FK_b95a1e03b051993d208366cb960" foreign key (region_id) references region (id);

alter table product_tax_rate
  add constraint "FK_1d04aebeabb6a89f87e536a124d" foreign key (product_id)
    references product (id) on delete cascade,
  add constraint "FK_2484cf14c437a04586b07e7dddb" foreign key (rate_id)
    references tax_rate (id) on delete cascade;

alter table product_type_tax_rate
  add constraint "FK_25a3138bb236f63d9bb6c8ff111" foreign key (product_type_id)
    references product_type (id) on delete cascade,
  add constraint "FK_ece65a774192b34253abc4cd672" foreign key (rate_id)
    references tax_rate (id) on delete cascade;

alter table shipping_tax_rate
  add constraint "FK_346e0016cf045b9980747747645" foreign key (rate_id)
    references tax_rate (id) on delete cascade,
  add constraint "FK_f672727ab020df6c50fb64c1a70" foreign key (shipping_option_id)
    references shipping_option (id) on delete cascade;

alter table store
  add constraint "FK_55beebaa09e947cccca554af222" foreign key (default_currency_code)
    references currency (code),
  add constraint "FK_61b0f48cccbb5f41c750bac7286" foreign key (default_sales_channel_id)
    references sales_channel (id);

alter table store_currencies
  add constraint "FK_82a6bbb0b527c20a0002ddcbd60" foreign key (currency_code)
    references currency (code) on delete cascade,
  add constraint "FK_b4f4b63d1736689b7008980394c" foreign key (store_id)
    references store (id) on delete cascade;

alter table product
  add constraint "FK_49d419fc77d3aed46c835c558ac" foreign key (collection_id)
    references product_collection (id),
  add constraint "FK_e0843930fbb8854fe36ca39dae1" foreign key (type_id)
    references product_type (id);

alter table product_tags
  add constraint "FK_21683a063fe82dafdf681ecc9c4" foreign key (product_tag_id)
    references product_tag (id) on delete cascade,
  add constraint "FK_5b0c6fc53c574299ecc7f9ee22e" foreign key (product_id)
    references product (id) on delete cascade;

alter table product_images
  add constraint "FK_2212515ba306c79f42c46a99db7" foreign key (image_id)
    references image (id) on delete cascade,
  add constraint "FK_4f166bb8c2bfcef2498d97b4068" foreign key (product_id)
    references product (id) on delete cascade;

alter table product_option
  add constraint "FK_e634fca34f6b594b87fdbee95f6" foreign key (product_id) references product (id);

alter table product_variant
  add constraint "FK_ca67dd080aac5ecf99609960cd2" foreign key (product_id) references product (id);

alter table product_option_value
  add constraint "FK_7234ed737ff4eb1b6ae6e6d7b01" foreign key (variant_id)
    references product_variant (id) on delete cascade,
  add constraint "FK_cdf4388f294b30a25c627d69fe9" foreign key (option_id)
    references product_option (id);

alter table product_category_product
  add constraint "FK_product_category_id" foreign key (product_category_id)
    references product_category (id) on delete cascade,
  add constraint "FK_product_id" foreign key (product_id) references product (id) on delete cascade;

alter table product_sales_channel
  add constraint "FK_37341bad297fe5cca91f921032b" foreign key (sales_channel_id)
    references sales_channel (id) on update cascade on delete cascade;

alter table money_amount
  add constraint "FK_b433e27b7a83e6d12ab26b15b03" foreign key (region_id) references region (id),
  add constraint "FK_e15811f81339e4bd8c440aebe1c" foreign key (currency_code)
    references currency (code),
  add constraint "FK_f249976b079375499662eb80c40" foreign key (price_list_id)
    references price_list (id) on delete cascade;

alter table price_list_customer_groups
  add constraint "FK_52875734e9dd69064f0041f4d92" foreign key (price_list_id)
    references price_list (id) on update cascade on delete cascade,
  add constraint "FK_c5516f550433c9b1c2630d787a7" foreign key (customer_group_id)
    references customer_group (id) on delete cascade;

alter table customer
  add constraint "FK_8abe81b9aac151ae60bf507ad15" foreign key (billing_address_id)
    references address (id);

alter table address
  add constraint "FK_6df8c6bf969a51d24c1980c4ff4" foreign key (country_code)
    references country (iso_2),
  add constraint "FK_9c9614b2f9d01665800ea8dbff7" foreign key (customer_id)
    references customer (id);

alter table customer_group_customers
  add constraint "FK_3c6412d076292f439269abe1a23" foreign key (customer_id)
    references customer (id) on delete cascade,
  add constraint "FK_620330964db8d2999e67b0dbe3e" foreign key (customer_group_id)
    references customer_group (id) on delete cascade;

alter table discount_rule_products
  add constraint "FK_4e0739e5f0244c08d41174ca08a" foreign key (discount_rule_id)
    references discount_rule (id) on delete cascade,
  add constraint "FK_be66106a673b88a81c603abe7eb" foreign key (product_id)
    references product (id) on delete cascade;

alter table discount
  add constraint "FK_2250c5d9e975987ab212f61a663" foreign key (parent_discount_id)
    references discount (id),
  add constraint "FK_ac2c280de3701b2d66f6817f760" foreign key (rule_id)
    references discount_rule (id);

alter table discount_regions
  add constraint "FK_a21a7ffbe420d492eb46c305fec" foreign key (region_id)
    references region (id) on delete cascade,
  add constraint "FK_f4194aa81073f3fab8aa86906ff" foreign key (discount_id)
    references discount (id) on delete cascade;

alter table discount_condition
  add constraint "FK_efff700651718e452ca9580a624" foreign key (discount_rule_id)
    references discount_rule (id);

alter table discount_condition_product
  add constraint "FK_c759f53b2e48e8cfb50638fe4e0" foreign key (product_id)
    references product (id) on delete cascade,
  add constraint "FK_f05132301e95bdab4ba1cf29a24" foreign key (condition_id)
    references discount_condition (id) on delete cascade;

alter table discount_condition_product_collection
  add constraint "FK_a0b05dc4257abe639cb75f8eae2" foreign key (product_collection_id)
    references product_collection (id) on delete cascade,
  add constraint "FK_a1c4f9cfb599ad1f0db39cadd5f" foreign key (condition_id)
    references discount_condition (id) on delete cascade;

alter table discount_condition_product_tag
  add constraint "FK_01486cc9dc6b36bf658685535f6" foreign key (product_tag_id)
    references product_tag (id) on delete cascade,
  add constraint "FK_fbb2499551ed074526f3ee36241" foreign key (condition_id)
    references discount_condition (id) on delete cascade;

alter table discount_condition_product_type
  add constraint "FK_6ef23ce0b1d9cf9b5b833e52b9d" foreign key (condition_id)
    references discount_condition (id) on delete cascade,
  add constraint "FK_e706deb68f52ab2756119b9e704" foreign key (product_type_id)
    references product_type (id) on delete cascade;

alter table discount_condition_customer_group
  add constraint "FK_4d5f98645a67545d8dea42e2eb8" foreign key (customer_group_id)
    references customer_group (id) on delete cascade,
  add constraint "FK_8486ee16e69013c645d0b8716b6" foreign key (condition_id)
    references discount_condition (id) on delete cascade;

alter table gift_card
  add constraint "FK_b6bcf8c3903097b84e85154eed3" foreign key (region_id) references region (id),
  add constraint "FK_dfc1f02bb0552e79076aa58dbb0" foreign key (order_id) references "order" (id);

alter table gift_card_transaction
  add constraint "FK_3ff5597f1d7e02bba41541846f4" foreign key (gift_card_id)
    references gift_card (id),
  add constraint "FK_d7d441b81012f87d4265fa57d24" foreign key (order_id) references "order" (id);

alter table shipping_option
  add constraint "FK_5c58105f1752fca0f4ce69f4663" foreign key (region_id) references region (id),
  add constraint "FK_a0e206bfaed3cb63c1860917347" foreign key (provider_id)
    references fulfillment_provider (id),
  add constraint "FK_c951439af4c98bf2bd7fb8726cd" foreign key (profile_id)
    references shipping_profile (id);

alter table shipping_option_requirement
  add constraint "FK_012a62ba743e427b5ebe9dee18e" foreign key (shipping_option_id)
    references shipping_option (id);

alter table custom_shipping_option
  add constraint "FK_44090cb11b06174cbcc667e91ca" foreign key (shipping_option_id)
    references shipping_option (id),
  add constraint "FK_93caeb1bb70d37c1d36d6701a7a" foreign key (cart_id) references cart (id);

alter table shipping_method
  add constraint "FK_1d9ad62038998c3a85c77a53cfb" foreign key (return_id) references return (id),
  add constraint "FK_5267705a43d547e232535b656c2" foreign key (order_id) references "order" (id),
  add constraint "FK_d783a66d1c91c0858752c933e68" foreign key (claim_order_id)
    references claim_order (id),
  add constraint "FK_d92993a7d554d84571f4eea1d13" foreign key (cart_id) references cart (id),
  add constraint "FK_fb94fa8d5ca940daa2a58139f86" foreign key (swap_id) references swap (id),
  add constraint "FK_fc963e94854bff2714ca84cd193" foreign key (shipping_option_id)
    references shipping_option (id);

alter table shipping_method_tax_line
  add constraint "FK_926ca9f29014af8091722dede08" foreign key (shipping_method_id)
    references shipping_method (id);
`;
