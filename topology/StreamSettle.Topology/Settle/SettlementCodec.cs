using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>The bytes of a <see cref="SettlementState"/>.</summary>
/// <remarks>
/// <code>
///  pending(see PendingState) | settled(1): currency(3) | gross, refunded (varint) | lane(1: 1 priority, 2 key account, 4 returned) | completedAtUs(8) | legs(4) | completed(1)
///                       reversals(count): n, refunded, amount (varints), dueAtUs(8), started(1): lines(count): party, amount (varint); legs(4), completed(1)
///                       refused(1): n(varint), reason, scale(1), unscaled(16), dueAtUs(8), open(1)
///                       where lane has 4: returned(count): n, leg(1), returns (varint), reason(nullable)
/// </code>
/// </remarks>
static class SettlementCodec
{
    const byte PriorityBit = 1;
    const byte KeyAccountBit = 2;
    const byte ReturnedBit = 4;

    public static void Write(ByteWriter to, SettlementState state)
    {
        state.Pending.Write(to);
        to.Bool(state.Settled is not null);
        if (state.Settled is { } settled)
        {
            Write(to, settled);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are no settlement of ours.</exception>
    public static SettlementState Read(ref ByteReader from) => new()
    {
        Pending = PendingState.Read(ref from),
        Settled = from.Bool() ? ReadSettled(ref from) : null,
    };

    static void Write(ByteWriter to, SettledOrder settled)
    {
        Span<byte> currency = stackalloc byte[3];
        settled.Currency.Write(currency);
        to.Raw(currency);
        to.VarInt64(settled.Gross);
        to.VarInt64(settled.Refunded);
        to.Byte((byte)((settled.Lane == Lane.Priority ? PriorityBit : 0) | (settled.KeyAccount ? KeyAccountBit : 0) | (settled.Returned.IsEmpty ? 0 : ReturnedBit)));
        to.Int64(settled.CompletedAt.Microseconds);
        Write(to, settled.Legs);
        to.Bool(settled.Completed);
        to.VarUInt64((ulong)settled.Reversals.Length);
        foreach (var reversal in settled.Reversals)
        {
            Write(to, reversal);
        }

        Write(to, settled.Refused);
        if (!settled.Returned.IsEmpty)
        {
            Write(to, settled.Returned);
        }
    }

    static SettledOrder ReadSettled(ref ByteReader from)
    {
        var currency = Currency.TryParse(from.Take(3), out var known) ? known : throw new CorruptStateException("a settlement has no known currency");
        var (gross, refunded, lane) = (from.VarInt64(), from.VarInt64(), from.Byte());
        return new()
        {
            Currency = currency,
            Gross = gross,
            Refunded = refunded,
            Lane = (lane & PriorityBit) != 0 ? Lane.Priority : Lane.Ordinary,
            KeyAccount = (lane & KeyAccountBit) != 0,
            CompletedAt = new(from.Int64()),
            Legs = ReadLegs(ref from),
            Completed = from.Bool(),
            Reversals = ReadReversals(ref from),
            Refused = ReadRefused(ref from),
            Returned = (lane & ReturnedBit) != 0 ? ReadReturned(ref from) : [],
        };
    }

    static void Write(ByteWriter to, LegStates legs)
    {
        to.Byte((byte)legs.Verification);
        to.Byte((byte)legs.Split);
        to.Byte((byte)legs.Commission);
        to.Byte((byte)legs.Tax);
    }

    static LegStates ReadLegs(ref ByteReader from) =>
        new((LegState)from.Byte(), (LegState)from.Byte(), (LegState)from.Byte(), (LegState)from.Byte());

    static void Write(ByteWriter to, Reversal reversal)
    {
        to.VarInt64(reversal.N);
        to.VarInt64(reversal.Refunded);
        to.VarInt64(reversal.Amount);
        to.Int64(reversal.DueAt.Microseconds);
        to.Bool(reversal.Lines is not null);
        if (reversal.Lines is { } lines)
        {
            to.VarUInt64((ulong)lines.Length);
            foreach (var line in lines)
            {
                to.String(line.Party);
                to.VarInt64(line.Amount);
            }
        }

        Write(to, reversal.Legs);
        to.Bool(reversal.Completed);
    }

    static ImmutableArray<Reversal> ReadReversals(ref ByteReader from)
    {
        var count = from.Count();
        if (count == 0)
        {
            return [];
        }

        var reversals = new Reversal[count];
        for (var i = 0; i < count; i++)
        {
            var (n, refunded, amount, due) = ((int)from.VarInt64(), from.VarInt64(), from.VarInt64(), from.Int64());
            var lines = from.Bool() ? ReadLines(ref from) : null;
            reversals[i] = new(n, refunded, amount, new(due))
            {
                Lines = lines is null ? null : ImmutableCollectionsMarshal.AsImmutableArray(lines), Legs = ReadLegs(ref from), Completed = from.Bool(),
            };
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(reversals);
    }

    static ReversalLine[] ReadLines(ref ByteReader from)
    {
        var lines = new ReversalLine[from.Count()];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = new(from.String(), from.VarInt64());
        }

        return lines;
    }

    static void Write(ByteWriter to, ImmutableArray<ReturnedLeg> returned)
    {
        to.VarUInt64((ulong)returned.Length);
        foreach (var leg in returned)
        {
            to.VarInt64(leg.N);
            to.Byte((byte)leg.Leg);
            to.VarUInt64((ulong)leg.Returns);
            to.NullableString(leg.Reason);
        }
    }

    static ImmutableArray<ReturnedLeg> ReadReturned(ref ByteReader from)
    {
        var returned = new ReturnedLeg[from.Count()];
        for (var i = 0; i < returned.Length; i++)
        {
            returned[i] = new((int)from.VarInt64(), (Leg)from.Byte(), from.Count(), from.NullableString());
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(returned);
    }

    static void Write(ByteWriter to, RefusedRefund? refused)
    {
        to.Bool(refused is not null);
        if (refused is not null)
        {
            to.VarInt64(refused.N);
            to.String(refused.Reason);
            to.Byte(refused.Refunded.Scale);
            to.Int128(refused.Refunded.Unscaled);
            to.Int64(refused.DueAt.Microseconds);
            to.Bool(refused.Open);
        }
    }

    static RefusedRefund? ReadRefused(ref ByteReader from)
    {
        if (!from.Bool())
        {
            return null;
        }

        var (n, reason) = ((int)from.VarInt64(), from.String());
        var scale = from.Byte();
        return new(n, reason, new(from.Int128(), scale), new(from.Int64()), from.Bool());
    }
}
