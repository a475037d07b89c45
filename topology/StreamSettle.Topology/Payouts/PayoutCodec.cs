using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;

namespace StreamSettle.Topology.Payouts;

/// <summary>The bytes of what is agreed about a split's payout, and of what it waits for.</summary>
/// <remarks>
/// <code>
///  agreed(1): rule, minimum(1, varint), maxWaitUs(1, varint), calendar(1, text), cutOffUs(1, varint)
///  deferred(1): amount(varint), reason, payableAtUs(1, varint), minimum(1, varint), latestAtUs(1, varint), times(varint)
/// </code>
/// </remarks>
static class PayoutCodec
{
    public static void Write(ByteWriter to, AgreedPayout? agreed, DeferredPayout? deferred)
    {
        to.Bool(agreed is not null);
        if (agreed is not null)
        {
            to.String(agreed.Rule);
            to.NullableVarInt64(agreed.Minimum);
            to.NullableVarInt64(agreed.MaxWait is { } wait ? wait.Ticks / TimeSpan.TicksPerMicrosecond : null);
            to.NullableString(agreed.Calendar);
            to.NullableVarInt64(agreed.CutOff is { } time ? time.Ticks / TimeSpan.TicksPerMicrosecond : null);
        }

        to.Bool(deferred is not null);
        if (deferred is not null)
        {
            to.VarInt64(deferred.Amount);
            to.String(deferred.Reason);
            to.NullableVarInt64(deferred.PayableAt?.Microseconds);
            to.NullableVarInt64(deferred.Minimum);
            to.NullableVarInt64(deferred.LatestAt?.Microseconds);
            to.VarInt64(deferred.Times);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are not ours.</exception>
    public static (AgreedPayout?, DeferredPayout?) Read(ref ByteReader from)
    {
        var agreed = from.Bool()
            ? new AgreedPayout(
                from.String(), from.NullableVarInt64(), from.NullableVarInt64() is { } wait ? TimeSpan.FromMicroseconds(wait) : null, from.NullableString(),
                from.NullableVarInt64() is { } time ? new TimeOnly(time * TimeSpan.TicksPerMicrosecond) : null)
            : null;
        var deferred = from.Bool()
            ? new DeferredPayout(from.VarInt64(), from.String(), Instant(from.NullableVarInt64()), from.NullableVarInt64(), Instant(from.NullableVarInt64()), (int)from.VarInt64())
            : null;
        return (agreed, deferred);
    }

    static UtcInstant? Instant(long? microseconds) => microseconds is { } at ? new(at) : null;
}
