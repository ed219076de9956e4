/** A range of time as filters name it: before, after, or at one of its ends. */
export interface DateRange {
  readonly lt?: Date | undefined;
  readonly gt?: Date | undefined;
  readonly gte?: Date | undefined;
  readonly lte?: Date | undefined;
}
