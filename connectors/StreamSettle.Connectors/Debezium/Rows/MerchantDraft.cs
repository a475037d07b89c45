using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Schemas.Merchants;

namespace StreamSettle.Connectors.Debezium.Rows;

/// <summary>A row of <c>merchants</c> while it is read. A shop without tiers or zones has what <c>contract/source.sql</c> has as defaults.</summary>
internal sealed class MerchantDraft(MerchantColumns columns) : RowDraft("merchants", new(columns.InOrder), [RowValue.Integer, RowValue.Text, RowValue.Text, RowValue.Text])
{
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

    public MerchantRow ToRow(TextStore texts, ReadOnlySpan<byte> body) => new()
    {
        Id = new(RequiredKey),
        Tier = tier is { } t ? texts.Get(t, body) : "STANDARD"u8,
        Country = country is { } c ? texts.Get(c, body) : default,
        TimeZone = timeZone is { } z ? texts.Get(z, body) : "UTC"u8,
    };
}
