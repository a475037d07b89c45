using System.Runtime.InteropServices;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Topology.Settle;

/// <summary>The bytes of a <see cref="Division"/> in the store <c>divisions</c>.</summary>
/// <remarks>
/// <code>
///  version(1)=1 | currency(3) | gross, net (varint) | ruleVersion | buyerCountry | invoice(span) | lines(count): party, leg(1), partyId, level, amount (varints)
/// </code>
/// </remarks>
static class DivisionCodec
{
    const byte Version = 1;

    public static void Write(ByteWriter to, Division division)
    {
        to.Byte(Version);
        Span<byte> currency = stackalloc byte[3];
        division.Currency.Write(currency);
        to.Raw(currency);
        to.VarInt64(division.Gross);
        to.VarInt64(division.Net);
        to.String(division.RuleVersion);
        to.String(division.BuyerCountry);
        to.Span(division.Invoice.AsSpan());
        to.VarUInt64((ulong)division.Lines.Length);
        foreach (var line in division.Lines)
        {
            to.String(line.Party);
            to.Byte((byte)line.Leg);
            to.VarInt64(line.PartyId);
            to.VarInt64(line.Level);
            to.VarInt64(line.Amount);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are no division of ours.</exception>
    public static Division Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        return version != Version
            ? throw new CorruptStateException($"a division has version {version}, this program knows {Version}")
            : new()
            {
                Currency = Currency.TryParse(from.Take(3), out var currency) ? currency : throw new CorruptStateException("a division has no known currency"),
                Gross = from.VarInt64(),
                Net = from.VarInt64(),
                RuleVersion = from.String(),
                BuyerCountry = from.String(),
                Invoice = [.. from.Span()],
                Lines = ImmutableCollectionsMarshal.AsImmutableArray(ReadLines(ref from)),
            };
    }

    static SettledLine[] ReadLines(ref ByteReader from)
    {
        var lines = new SettledLine[from.Count()];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = new(from.String(), (Leg)from.Byte(), from.VarInt64(), (int)from.VarInt64(), from.VarInt64());
        }

        return lines;
    }
}
