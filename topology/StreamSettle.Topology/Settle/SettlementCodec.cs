using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>The bytes of a <see cref="SettlementState"/> in the store <c>settlements</c>.</summary>
/// <remarks>
/// <code>
///  version(1)=3 | order(8) | merchant(8) | cause | stage(1) | refusal(nullable) | keyChanged(1) | dueAtUs(8) | dueTold(1) | inTime(1) | indexedAtUs(nullable varint)
///  | nextOffset(varint) | doubts(count, varints) | clockTask(varint) | taken(varint) | row(span)
///  | settled(1): lane(1) | completedAtUs(8) | refunded(varint) | completed(1) | legs(4)
///                reversals(count): n, refunded, amount, committedAtUs(8), legs(4), completed(1), amounts(count)
///                refused(1): n, scale(1), unscaled(16), committedAtUs(8), open(1)
/// </code>
/// How the money was divided stands apart, see <see cref="DivisionCodec"/>.
/// </remarks>
static class SettlementCodec
{
    const byte Version = 3;

    public static void Write(ByteWriter to, SettlementState state)
    {
        to.Byte(Version);
        to.Int64(state.Order.Value);
        to.Int64(state.Merchant.Value);
        to.String(state.Cause);
        to.Byte((byte)state.Stage);
        to.NullableString(state.Refusal);
        to.Bool(state.KeyChanged);
        to.Int64(state.DueAt.Microseconds);
        to.Bool(state.DueTold);
        to.Bool(state.InTime);
        to.NullableVarInt64(state.IndexedAt?.Microseconds);
        to.VarInt64(state.NextOffset);
        DoubtList.Write(to, state.Doubts);
        to.VarInt64(state.ClockTask);
        to.VarInt64(state.Taken);
        to.Span(state.Row.AsSpan());
        to.Bool(state.Settled is not null);
        if (state.Settled is { } settled)
        {
            Write(to, settled);
        }
    }

    /// <param name="divisionOf">Asked when a calculated order's division is needed.</param>
    /// <exception cref="CorruptStateException">The bytes are no settlement of ours.</exception>
    public static SettlementState Read(ReadOnlySpan<byte> source, Func<OrderId, Division> divisionOf)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"a settlement has version {version}, this program knows {Version}");
        }

        var order = new OrderId(from.Int64());
        return new()
        {
            Order = order,
            Merchant = new(from.Int64()),
            Cause = from.String(),
            Stage = (PendingStage)from.Byte(),
            Refusal = from.NullableString(),
            KeyChanged = from.Bool(),
            DueAt = new(from.Int64()),
            DueTold = from.Bool(),
            InTime = from.Bool(),
            IndexedAt = from.NullableVarInt64() is { } at ? new UtcInstant(at) : null,
            NextOffset = from.VarInt64(),
            Doubts = DoubtList.Read(ref from),
            ClockTask = (int)from.VarInt64(),
            Taken = from.VarInt64(),
            Row = [.. from.Span()],
            Settled = from.Bool() ? ReadSettled(ref from, new(() => divisionOf(order), isThreadSafe: false)) : null,
        };
    }

    static void Write(ByteWriter to, SettledOrder settled)
    {
        to.Byte((byte)settled.Lane);
        to.Int64(settled.CompletedAt.Microseconds);
        to.VarInt64(settled.Refunded);
        to.Bool(settled.Completed);
        Write(to, settled.Legs);
        to.VarUInt64((ulong)settled.Reversals.Length);
        foreach (var reversal in settled.Reversals)
        {
            Write(to, reversal);
        }

        Write(to, settled.Refused);
    }

    static SettledOrder ReadSettled(ref ByteReader from, Lazy<Division> division) => new()
    {
        Division = division,
        Lane = (Lane)from.Byte(),
        CompletedAt = new(from.Int64()),
        Refunded = from.VarInt64(),
        Completed = from.Bool(),
        Legs = ReadLegs(ref from),
        Reversals = ReadReversals(ref from),
        Refused = ReadRefused(ref from),
    };

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
        to.Int64(reversal.CommittedAt.Microseconds);
        Write(to, reversal.Legs);
        to.Bool(reversal.Completed);
        to.VarUInt64((ulong)reversal.Amounts.Length);
        foreach (var amount in reversal.Amounts)
        {
            to.VarInt64(amount);
        }
    }

    static ImmutableArray<Reversal> ReadReversals(ref ByteReader from)
    {
        var reversals = new Reversal[from.Count()];
        for (var i = 0; i < reversals.Length; i++)
        {
            var (n, refunded, amount) = ((int)from.VarInt64(), from.VarInt64(), from.VarInt64());
            var committedAt = new UtcInstant(from.Int64());
            var legs = ReadLegs(ref from);
            var completed = from.Bool();
            var amounts = new long[from.Count()];
            for (var line = 0; line < amounts.Length; line++)
            {
                amounts[line] = from.VarInt64();
            }

            reversals[i] = new(n, refunded, amount, committedAt, ImmutableCollectionsMarshal.AsImmutableArray(amounts), legs, completed);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(reversals);
    }

    static void Write(ByteWriter to, RefusedRefund? refused)
    {
        to.Bool(refused is not null);
        if (refused is not null)
        {
            to.VarInt64(refused.N);
            to.Byte(refused.Refunded.Scale);
            to.Int128(refused.Refunded.Unscaled);
            to.Int64(refused.CommittedAt.Microseconds);
            to.Bool(refused.Open);
        }
    }

    static RefusedRefund? ReadRefused(ref ByteReader from)
    {
        if (!from.Bool())
        {
            return null;
        }

        var n = (int)from.VarInt64();
        var scale = from.Byte();
        return new(n, new(from.Int128(), scale), new(from.Int64()), from.Bool());
    }
}
