namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>What a record's own schema says about a column that its value alone does not.</summary>
/// <param name="Scale">Of a decimal that is sent as base64 of its unscaled digits; null where decimals are text or numbers.</param>
/// <param name="PerSecond">Units of a timestamp that is sent as a whole number; 0 where it is text.</param>
internal readonly record struct ColumnPlan(int? Scale, long PerSecond);
