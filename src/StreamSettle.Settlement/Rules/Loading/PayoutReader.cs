using System.Globalization;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>Reads the terms of the rules of <c>payouts</c>, which may name calendars that were read with them.</summary>
/// <param name="calendars">Names that a rule may use.</param>
internal sealed class PayoutReader(IReadOnlyCollection<string> calendars)
{
    public static readonly string[] Keys = ["minimum", "maxWait", "calendar", "cutOff"];

    static readonly string[] TimeForms = ["HH:mm", "HH:mm:ss"];

    public PayoutTerms Payout(JsonMembers rule)
    {
        var (minimum, calendar, cutOff) = (rule.Optional("minimum"), rule.Optional("calendar"), rule.Optional("cutOff"));
        var maxWait = rule.Optional("maxWait");
        if (maxWait is { } wait && minimum is null)
        {
            wait.Refuse("would do nothing without a minimum to wait for");
        }

        if (cutOff is { } time && calendar is null)
        {
            time.Refuse("would do nothing without a calendar");
        }

        return new(
            TermsReader.Amounts(rule, "minimum"), maxWait is { } place ? DelayText.Read(place) : null, calendar is { } named ? Calendar(named) : null,
            cutOff is { } at ? CutOff(at) : null);
    }

    string? Calendar(JsonPlace place)
    {
        if (place.Text() is not { } name)
        {
            return null;
        }

        if (name == AgreedPayout.MerchantCountry ? calendars.Count == 0 : !calendars.Contains(name))
        {
            place.Refuse(calendars.Count == 0
                ? $"is '{name}', but there is no calendar: put one into the folder calendars beside the rule sets"
                : $"must be {AgreedPayout.MerchantCountry} or one of {string.Join(", ", calendars.Order(StringComparer.Ordinal))}, but is '{name}'");
        }

        return name;
    }

    static TimeOnly? CutOff(JsonPlace place)
    {
        if (place.Text() is not { } text)
        {
            return null;
        }

        if (!TimeOnly.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) || time == TimeOnly.MinValue)
        {
            place.Refuse($"must be a local time HH:mm or HH:mm:ss after 00:00 (16:00), but is '{text}'");
            return null;
        }

        return time;
    }
}
