using System.Text.Json.Serialization;

namespace StreamSettle.Audit.Events;

/// <summary>How a split is paid out, by the rule that matched at the calculation.</summary>
/// <param name="Rule">What the rule is for, as a person reads it.</param>
/// <param name="Minimum">What the merchant's shares that wait must come to, minor units.</param>
/// <param name="MaxWait">How long it waits for the minimum at most, ISO 8601.</param>
/// <param name="Calendar">On whose payout days it goes: a calendar's name, or <c>MERCHANT_COUNTRY</c>.</param>
/// <param name="CutOff">Local time of the merchant from which on nothing goes any more that day, <c>HH:mm:ss</c>.</param>
public sealed record PayoutTerms(
    string Rule,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Minimum = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? MaxWait = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Calendar = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CutOff = null);
