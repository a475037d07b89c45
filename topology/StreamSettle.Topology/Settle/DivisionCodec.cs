using System.Runtime.InteropServices;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Topology.Settle;

/// <summary>The bytes of <see cref="Division"/> in the store <c>divisions</c>, under the order's id.</summary>
/// <remarks><code>version(1)=1 | net(varint) | ruleVersion | lines(count): party, level, amount (varints) | invoice(rest)</code></remarks>
static class DivisionCodec
{
    const byte Version = 1;

    public static void Write(ByteWriter to, Division division)
    {
        to.Byte(Version);
        to.VarInt64(division.Net);
        to.String(division.RuleVersion);
        to.VarUInt64((ulong)division.Lines.Length);
        foreach (var line in division.Lines)
        {
            to.String(line.Party.ToString());
            to.VarInt64(line.Party.Level);
            to.VarInt64(line.Amount);
        }

        to.Raw(division.Invoice.AsSpan());
    }

    /// <exception cref="CorruptStateException">The bytes are no division of ours.</exception>
    public static Division Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"a division has version {version}, this program knows {Version}");
        }

        var (net, rules, lines) = (from.VarInt64(), from.String(), new SettledLine[from.Count()]);
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = new(Division.PartyOf(from.String(), (int)from.VarInt64()), from.VarInt64());
        }

        return new() { Net = net, RuleVersion = rules, Lines = ImmutableCollectionsMarshal.AsImmutableArray(lines), Invoice = [.. from.Rest] };
    }
}
