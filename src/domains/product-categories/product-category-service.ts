import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import { productCategory } from "../../graph/entities/catalogue-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadPage, loadTree } from "../../graph/load-tree.ts";
import { needsOf } from "../../graph/needs.ts";
import { orderAmong } from "../../graph/order-by.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import { categoriesOnPage, findDescendants } from "./product-category-queries.ts";
import type { ProductCategoriesQuery, ProductCategoryQuery } from "./product-category-schemas.ts";
import { branches, categoryColumns, categorySelection } from "./product-category-view.ts";

/**
 * Reads the categories that a storefront shows: active and not internal. The same applies to all
 * their ancestors and descendants.
 */
export class ProductCategoryService {
  constructor(
    private readonly database: Knex,
    private readonly maxRows: number,
  ) {}

  /**
   * Returns a page of categories. With `include_descendants_tree` each has all its descendants, to
   * any depth, with all their columns.
   * @throws InvalidDataError naming fields, relations or an order that are not allowed
   */
  async list(
    query: ProductCategoriesQuery,
  ): Promise<{ product_categories: Tree[]; count: number; offset: number; limit: number }> {
    categorySelection({ fields: query.fields }, ["created_at", "id"]);
    orderAmong(categoryColumns, query.order);
    const selection = categorySelection(query, ["created_at", "id"]);
    const { offset = 0, limit = 100 } = query;
    const { trees: categories, count } = await loadPage(
      this.database,
      shapeFor(selection, idNeeds),
      categoriesOnPage(query, { offset, limit: limit || this.maxRows }),
    );
    if (!query.include_descendants_tree)
      return { product_categories: categories, count, offset, limit };
    const childrenOf = branches(
      await findDescendants(
        this.database,
        categories.map(({ id }) => id),
      ),
      Object.keys(productCategory.columns),
    );
    const product_categories = categories.map((category) => ({
      ...category,
      category_children: childrenOf(category.id),
    }));
    return { product_categories, count, offset, limit };
  }

  /**
   * Returns a category. Its children, if shown, have all their descendants.
   * @throws InvalidDataError naming fields or relations that are not allowed
   * @throws NotFoundError if the category does not exist, or is inactive or internal
   */
  async retrieve(id: string, query: ProductCategoryQuery): Promise<{ product_category: Tree }> {
    const selection = categorySelection(query, ["id"]);
    const category = await loadTree(this.database, shapeFor(selection, visibilityNeeds), id);
    if (category?.is_active !== true || category.is_internal !== false)
      throw new NotFoundError(
        `ProductCategory with id: ${id}, is_internal: false, is_active: true was not found`,
      );
    if (!selection.relations.has("category_children")) return { product_category: category };
    const childrenOf = branches(await findDescendants(this.database, [id]), selection.columns);
    return { product_category: { ...category, category_children: childrenOf(id) } };
  }
}

const idNeeds = needsOf(productCategory, { "": ["id"] });
const visibilityNeeds = needsOf(productCategory, { "": ["is_active", "is_internal"] });
