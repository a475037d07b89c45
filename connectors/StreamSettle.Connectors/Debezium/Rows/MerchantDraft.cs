using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Schemas.Merchants;

namespace StreamSettle.Connectors.Debezium.Rows;

/// <summary>A row of <c>merchants</c> while it is read. A shop without tiers or zones has what <c>contract/source.sql</c> has as defaults.</summary>
/// <param name="unavailable">What stands for a large value that was not sent.</param>
internal sealed class MerchantDraft(MerchantColumns columns, UnavailableText unavailable) : RowDraft("merchants", new(columns.InOrder), [RowValue.Integer, RowValue.Text, RowValue.Text, RowValue.Text])
{
    /// <summary>Of a shop without tiers.</summary>
    public static ReadOnlySpan<byte> StandardTier => "STANDARD"u8;

    /// <summary>Of a shop without zones.</summary>
    public static ReadOnlySpan<byte> StandardZone => "UTC"u8;

    TextRange? tier;
    TextRange? country;
    TextRange? timeZone;

    public override void Clear()
    {
        base.Clear();
        (tier, country, timeZone) = (null, null, null);
    }

    public override void SetNull(int column)
    {
        switch (column)
        {
            case MerchantColumns.TierLabel: tier = null; break;
            case MerchantColumns.CountryCode: country = null; break;
            case MerchantColumns.Zone: timeZone = null; break;
            default: base.SetNull(column); break;
        }
    }

    public override void SetText(int column, TextRange value)
    {
        switch (column)
        {
            case MerchantColumns.TierLabel: tier = value; break;
            case MerchantColumns.CountryCode: country = value; break;
            case MerchantColumns.Zone: timeZone = value; break;
            default: throw NoColumn(column);
        }
    }

    public MerchantRow ToRow(TextStore texts, ReadOnlySpan<byte> body)
    {
        var unsent = UnsentMerchantColumns.None;
        return new()
        {
            Id = new(RequiredKey),
            Tier = tier is { } t ? Told(texts.Get(t, body), UnsentMerchantColumns.Tier, ref unsent) : StandardTier,
            Country = country is { } c ? Told(texts.Get(c, body), UnsentMerchantColumns.Country, ref unsent) : default,
            TimeZone = timeZone is { } z ? Told(texts.Get(z, body), UnsentMerchantColumns.TimeZone, ref unsent) : StandardZone,
            Unsent = unsent,
        };
    }

    ReadOnlySpan<byte> Told(ReadOnlySpan<byte> value, UnsentMerchantColumns column, scoped ref UnsentMerchantColumns unsent)
    {
        if (!unavailable.Is(value))
        {
            return value;
        }

        unsent |= column;
        return default;
    }
}
