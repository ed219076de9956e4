import {
  demoAddresses,
  demoCustomer,
  demoCustomerGroup,
  demoReturnReasons,
  demoShop,
} from "../demo-shop.ts";
import { createdDaysAgo, type DemoContext, type TableRows } from "./demo-context.ts";

/**
 * Returns the rows of the customer group and its member with the addresses. The billing address is
 * set later, since it refers to an address.
 */
export function customerRows(context: DemoContext, passwordHash: string): TableRows[] {
  const { ids, now } = context;
  const timestamps = createdDaysAgo(now, 45);
  const customerId = ids("cus", demoCustomer.email);
  const groupId = ids("cgrp", demoCustomerGroup);
  return [
    { table: "customer_group", rows: [{ id: groupId, name: demoCustomerGroup, ...timestamps }] },
    {
      table: "customer",
      rows: [
        {
          id: customerId,
          email: demoCustomer.email,
          first_name: demoAddresses[0].first_name,
          last_name: demoAddresses[0].last_name,
          phone: demoAddresses[0].phone,
          password_hash: passwordHash,
          has_account: true,
          ...timestamps,
        },
      ],
    },
    {
      table: "customer_group_customers",
      rows: [{ customer_group_id: groupId, customer_id: customerId }],
    },
    {
      table: "address",
      rows: demoAddresses.map((address) => ({
        id: ids("addr", address.address_1),
        customer_id: customerId,
        ...address,
        ...timestamps,
      })),
    },
  ];
}

/** Returns the rows of return reasons and of the storefront's publishable key. */
export function serviceRows({ ids, now, salesChannelId }: DemoContext): TableRows[] {
  const timestamps = createdDaysAgo(now, 60);
  const keyId = ids("pk", demoShop.publishableKeyTitle);
  return [
    {
      table: "return_reason",
      rows: demoReturnReasons.map((reason) => ({
        id: ids("rr", reason.value),
        value: reason.value,
        label: reason.label,
        description: reason.description,
        parent_return_reason_id: "under" in reason ? ids("rr", reason.under) : null,
        ...timestamps,
      })),
    },
    {
      table: "publishable_api_key",
      rows: [{ id: keyId, title: demoShop.publishableKeyTitle, ...timestamps }],
    },
    {
      table: "publishable_api_key_sales_channel",
      rows: [
        {
          id: ids("pksc", demoShop.publishableKeyTitle),
          publishable_key_id: keyId,
          sales_channel_id: salesChannelId,
          ...timestamps,
        },
      ],
    },
  ];
}
