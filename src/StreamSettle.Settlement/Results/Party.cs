using System.Globalization;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Settlement.Results;

/// <summary>Who gets a line. Its text, <c>tax:DE</c>, <c>carrier:7</c>, <c>platform</c>, <c>promoter:9001</c>, <c>merchant:437</c>, is fixed by contract.</summary>
public readonly record struct Party
{
    Party(PartyKind kind, long id, string country, int level) => (Kind, Id, Country, Level) = (kind, id, country, level);

    public PartyKind Kind { get; }

    /// <summary>The carrier's, promoter's or merchant's id; 0 for the others.</summary>
    public long Id { get; }

    /// <summary>The buyer's country as the column has it, for tax; empty for the others.</summary>
    public string Country { get; }

    /// <summary>For promoters the place in the chain, 1 for the order's own; 0 for the others. A line that was dropped leaves a gap.</summary>
    public int Level { get; }

    /// <summary>Which call carries the party's line.</summary>
    public Leg Leg => Kind switch
    {
        PartyKind.Tax => Leg.Tax,
        PartyKind.Promoter => Leg.Commission,
        _ => Leg.Split,
    };

    public static Party Platform { get; } = new(PartyKind.Platform, 0, "", 0);

    public static Party Tax(string country) => new(PartyKind.Tax, 0, country, 0);

    public static Party Carrier(long id) => new(PartyKind.Carrier, id, "", 0);

    public static Party Promoter(PromoterId id, int level) => new(PartyKind.Promoter, id.Value, "", level);

    public static Party Merchant(MerchantId id) => new(PartyKind.Merchant, id.Value, "", 0);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="level">A promoter's place in the chain, which the text does not have; 0 for the others.</param>
    /// <returns>False for a text that no party has.</returns>
    public static bool TryParse(string text, int level, out Party party)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, rest) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        var hasId = long.TryParse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id);
        party = (kind, hasId) switch
        {
            ("tax", _) when colon > 0 => Tax(rest),
            ("carrier", true) => Carrier(id),
            ("platform", _) when colon < 0 => Platform,
            ("promoter", true) => Promoter(new(id), level),
            ("merchant", true) => Merchant(new(id)),
            _ => default,
        };
        return party.Kind != default;
    }

    public override string ToString() => Kind switch
    {
        PartyKind.Tax => "tax:" + Country,
        PartyKind.Carrier => string.Create(CultureInfo.InvariantCulture, $"carrier:{Id}"),
        PartyKind.Platform => "platform",
        PartyKind.Promoter => string.Create(CultureInfo.InvariantCulture, $"promoter:{Id}"),
        PartyKind.Merchant => string.Create(CultureInfo.InvariantCulture, $"merchant:{Id}"),
        _ => "",
    };
}
