import type { Knex } from "knex";

/**
 * Adds the foreign keys of carts, payments and orders, in a migration of its own since their
 * references are circular.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
alter table cart
  add constraint "FK_242205c81c1152fab1b6e848470" foreign key (customer_id)
    references customer (id),
  add constraint "FK_484c329f4783be4e18e5e2ff090" foreign key (region_id) references region (id),
  add constraint "FK_6b9c66b5e36f7c827dfaa092f94" foreign key (billing_address_id)
    references address (id),
  add constraint "FK_9d1a161434c610aae7c3df2dc7e" foreign key (payment_id) references payment (id),
  add constraint "FK_a2bd3c26f42e754b9249ba78fd6" foreign key (sales_channel_id)
    references sales_channel (id),
  add constraint "FK_ced15a9a695d2b5db9dabce763d" foreign key (shipping_address_id)
    references address (id);

alter table cart_discounts
  add constraint "FK_6680319ebe1f46d18f106191d59" foreign key (cart_id)
    references cart (id) on delete cascade,
  add constraint "FK_8df75ef4f35f217768dc1135458" foreign key (discount_id)
    references discount (id) on delete cascade;

alter table cart_gift_cards
  add constraint "FK_0fb38b6d167793192bc126d835e" foreign key (gift_card_id)
    references gift_card (id) on delete cascade,
  add constraint "FK_d38047a90f3d42f0be7909e8aea" foreign key (cart_id)
    references cart (id) on delete cascade;

alter table line_item
  add constraint "FK_118e3c48f09a7728f41023c94ef" foreign key (claim_order_id)
    references claim_order (id),
  add constraint "FK_27283ee631862266d0f1c680646" foreign key (cart_id) references cart (id),
  add constraint "FK_3fa354d8d1233ff81097b2fcb6b" foreign key (swap_id) references swap (id),
  add constraint "FK_43a2b24495fe1d9fc2a9c835bc7" foreign key (order_id) references "order" (id),
  add constraint "FK_5371cbaa3be5200f373d24e3d5b" foreign key (variant_id)
    references product_variant (id),
  add constraint line_item_order_edit_fk foreign key (order_edit_id) references order_edit (id),
  add constraint line_item_original_item_fk foreign key (original_item_id)
    references line_item (id);

alter table line_item_adjustment
  add constraint "FK_2f41b20a71f30e60471d7e3769c" foreign key (discount_id)
    references discount (id),
  add constraint "FK_be9aea2ccf3567007b6227da4d2" foreign key (item_id)
    references line_item (id) on delete cascade;

alter table line_item_tax_line
  add constraint "FK_5077fa54b0d037e984385dfe8ad" foreign key (item_id)
    references line_item (id) on delete cascade;

alter table payment_session
  add constraint "FK_d25ba0787e1510ddc5d442ebcfa" foreign key (cart_id) references cart (id);

alter table payment
  add constraint "FK_4665f17abc1e81dd58330e58542" foreign key (cart_id) references cart (id),
  add constraint "FK_c17aff091441b7c25ec3d68d36c" foreign key (swap_id) references swap (id),
  add constraint "FK_f41553459a4b1491c9893ebc921" foreign key (currency_code)
    references currency (code),
  add constraint "FK_f5221735ace059250daac9d9803" foreign key (order_id) references "order" (id);

alter table payment_collection
  add constraint "FK_payment_collection_region_id" foreign key (region_id) references region (id);

alter table payment_collection_payments
  add constraint "FK_payment_collection_payments_payment_collection_id"
    foreign key (payment_collection_id)
    references payment_collection (id) on delete cascade,
  add constraint "FK_payment_collection_payments_payment_id" foreign key (payment_id)
    references payment (id) on delete cascade;

alter table payment_collection_sessions
  add constraint "FK_payment_collection_sessions_payment_collection_id"
    foreign key (payment_collection_id)
    references payment_collection (id) on delete cascade,
  add constraint "FK_payment_collection_sessions_payment_session_id"
    foreign key (payment_session_id)
    references payment_session (id) on delete cascade;

alter table refund
  add constraint "FK_eec9d9af4ca098e19ea6b499eaa" foreign key (order_id) references "order" (id),
  add constraint "FK_refund_payment_id" foreign key (payment_id) references payment (id);

alter table draft_order
  add constraint "FK_5bd11d0e2a9628128e2c26fd0a6" foreign key (cart_id) references cart (id),
  add constraint "FK_8f6dd6c49202f1466ebf21e77da" foreign key (order_id) references "order" (id);

alter table "order"
  add constraint "FK_19b0c6293443d1b464f604c3316" foreign key (shipping_address_id)
    references address (id),
  add constraint "FK_5568d3b9ce9f7abeeb37511ecf2" foreign key (billing_address_id)
    references address (id),
  add constraint "FK_6ff7e874f01b478c115fdd462eb" foreign key (sales_channel_id)
    references sales_channel (id),
  add constraint "FK_717a141f96b76d794d409f38129" foreign key (currency_code)
    references currency (code),
  add constraint "FK_727b872f86c7378474a8fa46147" foreign key (draft_order_id)
    references draft_order (id),
  add constraint "FK_c99a206eb11ad45f6b7f04f2dcc" foreign key (cart_id) references cart (id),
  add constraint "FK_cd7812c96209c5bdd48a6b858b0" foreign key (customer_id)
    references customer (id),
  add constraint "FK_e1fcce2b18dbcdbe0a5ba9a68b8" foreign key (region_id) references region (id);

alter table order_discounts
  add constraint "FK_0fc1ec4e3db9001ad60c19daf16" foreign key (discount_id)
    references discount (id) on delete cascade,
  add constraint "FK_e7b488cebe333f449398769b2cc" foreign key (order_id)
    references "order" (id) on delete cascade;

alter table order_gift_cards
  add constraint "FK_e62ff11e4730bb3adfead979ee2" foreign key (order_id)
    references "order" (id) on delete cascade,
  add constraint "FK_f2bb9f71e95b315eb24b2b84cb3" foreign key (gift_card_id)
    references gift_card (id) on delete cascade;

alter table order_edit
  add constraint "FK_1f3a251488a91510f57e1bf93cd" foreign key (order_id) references "order" (id),
  add constraint "FK_order_edit_payment_collection_id" foreign key (payment_collection_id)
    references payment_collection (id);

alter table order_item_change
  add constraint "FK_44feeebb258bf4cfa4cc4202281" foreign key (order_edit_id)
    references order_edit (id),
  add constraint "FK_5f9688929761f7df108b630e64a" foreign key (line_item_id)
    references line_item (id),
  add constraint "FK_b4d53b8d03c9f5e7d4317e818d9" foreign key (original_line_item_id)
    references line_item (id);

alter table fulfillment
  add constraint "FK_a52e234f729db789cf473297a5c" foreign key (swap_id) references swap (id),
  add constraint "FK_beb35a6de60a6c4f91d5ae57e44" foreign key (provider_id)
    references fulfillment_provider (id),
  add constraint "FK_d73e55964e0ff2db8f03807d52e" foreign key (claim_order_id)
    references claim_order (id),
  add constraint "FK_f129acc85e346a10eed12b86fca" foreign key (order_id) references "order" (id);

alter table fulfillment_item
  add constraint "FK_a033f83cc6bd7701a5687ab4b38" foreign key (fulfillment_id)
    references fulfillment (id),
  add constraint "FK_e13ff60e74206b747a1896212d1" foreign key (item_id) references line_item (id);

alter table tracking_link
  add constraint "FK_471e9e4c96e02ba209a307db32b" foreign key (fulfillment_id)
    references fulfillment (id);

alter table return_reason
  add constraint "FK_2250c5d9e975987ab212f61a657" foreign key (parent_return_reason_id)
    references return_reason (id);

alter table return
  add constraint "FK_71773d56eb2bacb922bc3283398" foreign key (claim_order_id)
    references claim_order (id),
  add constraint "FK_bad82d7bff2b08b87094bfac3d6" foreign key (swap_id) references swap (id),
  add constraint "FK_d4bd17f918fc6c332b74a368c36" foreign key (order_id) references "order" (id);

alter table return_item
  add constraint "FK_7edab75b4fc88ea6d4f2574f087" foreign key (return_id) references return (id),
  add constraint "FK_87774591f44564effd8039d7162" foreign key (item_id) references line_item (id),
  add constraint "FK_d742532378a65022e7ceb328828" foreign key (reason_id)
    references return_reason (id);

alter table swap
  add constraint "FK_402e8182bc553e082f6380020b4" foreign key (cart_id) references cart (id),
  add constraint "FK_52dd74e8c989aa5665ad2852b8b" foreign key (order_id) references "order" (id),
  add constraint "FK_f5189d38b3d3bd496618bf54c57" foreign key (shipping_address_id)
    references address (id);

alter table claim_order
  add constraint "FK_017d58bf8260c6e1a2588d258e2" foreign key (shipping_address_id)
    references address (id),
  add constraint "FK_f49e3974465d3c3a33d449d3f31" foreign key (order_id) references "order" (id);

alter table claim_item
  add constraint "FK_64980511ca32c8e92b417644afa" foreign key (variant_id)
    references product_variant (id),
  add constraint "FK_6e0cad0daef76bb642675910b9d" foreign key (item_id) references line_item (id),
  add constraint "FK_900a9c3834257304396b2b0fe7c" foreign key (claim_order_id)
    references claim_order (id);

alter table claim_image
  add constraint "FK_21cbfedd83d736d86f4c6f4ce56" foreign key (claim_item_id)
    references claim_item (id);

alter table claim_item_tags
  add constraint "FK_c2c0f3edf39515bd15432afe6e5" foreign key (item_id)
    references claim_item (id) on delete cascade,
  add constraint "FK_dc9bbf9fcb9ba458d25d512811b" foreign key (tag_id)
    references claim_tag (id) on delete cascade;

alter table notification
  add constraint "FK_0425c2423e2ce9fdfd5c23761d9" foreign key (provider_id)
    references notification_provider (id),
  add constraint "FK_371db513192c083f48ba63c33be" foreign key (parent_id)
    references notification (id),
  add constraint "FK_b5df0f53a74b9d0c0a2b652c88d" foreign key (customer_id)
    references customer (id);

alter table batch_job
  add constraint "FK_fa53ca4f5fd90605b532802a626" foreign key (created_by) references "user" (id);
`;
