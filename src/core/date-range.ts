/** A range of dates, as list filters send it: `gt`/`gte` bound it below, `lt`/`lte` above. */
export interface DateRange {
  readonly lt?: Date | undefined;
  readonly gt?: Date | undefined;
  readonly gte?: Date | undefined;
  readonly lte?: Date | undefined;
}
