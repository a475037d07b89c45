using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Schemas.Merchants;

/// <summary>A row of <c>merchants</c>.</summary>
/// <remarks><code>version(1)=1 | merchant(varint) | tier(span) | country(span) | timeZone(span)</code></remarks>
public readonly ref struct MerchantRow
{
    const byte Version = 1;

    public required MerchantId Id { get; init; }

    /// <summary><c>STANDARD</c> or <c>KA</c> (key account), as the column has it.</summary>
    public ReadOnlySpan<byte> Tier { get; init; }

    public ReadOnlySpan<byte> Country { get; init; }

    /// <summary>IANA name.</summary>
    public ReadOnlySpan<byte> TimeZone { get; init; }

    /// <summary>What the change did not tell; of a row that is kept none.</summary>
    public UnsentMerchantColumns Unsent { get; init; }

    /// <summary>The same row with what was not told as another one has it, which has all.</summary>
    public MerchantRow FilledFrom(MerchantRow known) => this with
    {
        Tier = IsUnsent(UnsentMerchantColumns.Tier) ? known.Tier : Tier,
        Country = IsUnsent(UnsentMerchantColumns.Country) ? known.Country : Country,
        TimeZone = IsUnsent(UnsentMerchantColumns.TimeZone) ? known.TimeZone : TimeZone,
        Unsent = UnsentMerchantColumns.None,
    };

    bool IsUnsent(UnsentMerchantColumns column) => (Unsent & column) != UnsentMerchantColumns.None;

    /// <summary>Writes a row of which all is known.</summary>
    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.VarInt64(Id.Value);
        to.Span(Tier);
        to.Span(Country);
        to.Span(TimeZone);
    }

    /// <exception cref="CorruptStateException">The bytes are no row of ours.</exception>
    public static MerchantRow Read(scoped ref ByteReader from)
    {
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"a merchant row has version {version}, this program knows {Version}");
        }

        return new MerchantRow { Id = new(from.VarInt64()), Tier = from.Span(), Country = from.Span(), TimeZone = from.Span() };
    }
}
