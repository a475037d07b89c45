using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Rules.Lookup;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>Reads which orders a rule is for.</summary>
internal static class WhenReader
{
    public static RuleWhen Everything { get; } = new(null, null, null, null, null);

    /// <summary>Null where a part is wrong: such a rule collides with none.</summary>
    public static RuleWhen? Read(JsonPlace place)
    {
        var good = true;
        var watched = place with
        {
            Report = (path, reason) =>
            {
                good = false;
                place.Report(path, reason);
            },
        };
        var members = JsonMembers.Open(watched, "merchantId", "category", "tier", "country", "currency");
        var when = new RuleWhen(
            members?.Optional("merchantId")?.Whole(long.MinValue, long.MaxValue),
            members?.Optional("category")?.Text(),
            members?.Optional("tier")?.Text(),
            members?.Optional("country")?.Text(),
            members?.Optional("currency") is { } currency ? currency.Currency() : default(Currency?));
        return good ? when : null;
    }
}
