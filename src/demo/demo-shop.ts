/** The demo shop's name, and the mark in the store's metadata of a database that holds it. */
export const demoShop = {
  name: "Hollin & Tarn",
  mark: "hollin-and-tarn",
  defaultCurrency: "eur",
  publishableKeyTitle: "Demo storefront",
} as const;

/** The customer who can log in at the demo shop: a member with two addresses. */
export const demoCustomer = { email: "mara@example.com", password: "walk-the-fells" } as const;

/** A gift card worth € 100, which can pay a European cart. */
export const demoGiftCard = {
  code: "TARN-PINE-WALK-0100",
  region: "europe",
  value: 10000,
} as const;

/** The customer group of the members' prices. */
export const demoCustomerGroup = "Members";

/** The customer's addresses; the first is also the billing address. */
export const demoAddresses = [
  {
    company: "",
    first_name: "Mara",
    last_name: "Lindqvist",
    address_1: "Prinsengracht 212",
    address_2: "2 hoog",
    city: "Amsterdam",
    country_code: "nl",
    province: "",
    postal_code: "1016 HD",
    phone: "+31 20 555 0142",
  },
  {
    company: "Lindqvist Studio",
    first_name: "Mara",
    last_name: "Lindqvist",
    address_1: "14 Leith Walk Lane",
    address_2: "",
    city: "Edinburgh",
    country_code: "gb",
    province: "",
    postal_code: "EH6 5DT",
    phone: "+44 131 555 0142",
  },
] as const;

/** Reasons for returns; `under` names the parent of a reason. */
export const demoReturnReasons = [
  { value: "wrong_size", label: "Wrong size", description: "It does not fit" },
  { value: "too_small", label: "Too small", description: "", under: "wrong_size" },
  { value: "too_large", label: "Too large", description: "", under: "wrong_size" },
  { value: "damaged", label: "Arrived damaged", description: "Something broke on the way" },
  {
    value: "not_as_shown",
    label: "Not as shown",
    description: "It looks different from its picture",
  },
  { value: "changed_mind", label: "Changed my mind", description: "Nothing wrong with it" },
] as const;
