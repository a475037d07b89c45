namespace StreamSettle.Delivery.Budgets.Fields;

/// <summary>A member of a structured field: <c>100;w=60</c>, <c>"p";q=100;w=60</c>, or <c>limit=100</c> where it has a name.</summary>
internal sealed record FieldMember(string? Name, FieldValue Value, IReadOnlyList<KeyValuePair<string, FieldValue>> Parameters)
{
    /// <summary>The values of a parameter, whose name is lower case: one at most, or the sender contradicts itself.</summary>
    internal IEnumerable<FieldValue> All(string parameter) => Parameters.Where(pair => pair.Key == parameter).Select(pair => pair.Value);

    internal bool Has(string parameter) => Parameters.Any(pair => pair.Key == parameter);

    /// <summary>The text of a parameter; null where there is none.</summary>
    internal string? Text(string parameter) => Has(parameter) ? All(parameter).First().Text : null;
}
