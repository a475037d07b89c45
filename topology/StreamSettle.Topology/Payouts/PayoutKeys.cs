using System.Buffers.Binary;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Payouts;

/// <summary>The keys of the store <c>waiting-payouts</c>: one kind of entry each, all in one store, so that they change together.</summary>
/// <remarks>
/// Numbers are big-endian with the sign bit flipped, a currency is its code, so that keys sort as they mean.
/// <code>
///  1 Due         1 | at(8) | mark(8) | order(8)                          -> present: may go at that time
///  2 OfMerchant  2 | merchant(8) | lane(1) | at(8) | mark(8) | order(8)  -> present: the same by merchant, so that nothing overtakes it
///  3 Undated     3 | mark(8) | order(8)                                  -> present: nobody can say when it may go
///  4 Member      4 | merchant(8) | currency(3) | mark(8) | order(8)      -> amount(varint), minimum(varint), latestAtUs(1, varint)
///  5 Group       5 | merchant(8) | currency(3)                           -> see PayoutGroup
///  6 Deadline    6 | latest(8) | merchant(8) | currency(3)               -> present: the group waits no longer from then on
///  7 Open        7 | merchant(8) | currency(3)                           -> present: the group is being let go
///  8 Sum         8 | at(8) | currency(3)                                 -> see PayoutSum: what is due then; undated under the last instant there is
/// </code>
/// </remarks>
static class PayoutKeys
{
    public const byte Due = 1;
    public const byte OfMerchant = 2;
    public const byte Undated = 3;
    public const byte Member = 4;
    public const byte Group = 5;
    public const byte Deadline = 6;
    public const byte Open = 7;
    public const byte Sum = 8;

    public const int MaxSize = 1 + 8 + 1 + 3 * 8;
    const int CurrencySize = 3;

    public static ReadOnlySpan<byte> OfDue(Span<byte> key, UtcInstant at, UtcInstant mark, OrderId order) =>
        new PayoutKeyWriter(key, Due).Long(at.Microseconds).Long(mark.Microseconds).Long(order.Value).Written;

    public static ReadOnlySpan<byte> OfMerchantsDue(Span<byte> key, in WaitingPayout waiting, UtcInstant at) =>
        new PayoutKeyWriter(key, OfMerchant).Long(waiting.Merchant.Value).Byte((byte)waiting.Lane).Long(at.Microseconds).Long(waiting.Mark.Microseconds).Long(waiting.Order.Value).Written;

    public static ReadOnlySpan<byte> OfLane(Span<byte> key, MerchantId merchant, Lane lane, UtcInstant at) =>
        new PayoutKeyWriter(key, OfMerchant).Long(merchant.Value).Byte((byte)lane).Long(at.Microseconds).Written;

    /// <summary>Where what stands at a place of <see cref="Due"/>, or behind it, begins in a merchant's lane.</summary>
    public static ReadOnlySpan<byte> OfLane(Span<byte> key, MerchantId merchant, Lane lane, ReadOnlySpan<byte> due) =>
        new PayoutKeyWriter(key, OfMerchant).Long(merchant.Value).Byte((byte)lane).Raw(due[1..]).Written;

    public static ReadOnlySpan<byte> OfUndated(Span<byte> key, UtcInstant mark, OrderId order) => new PayoutKeyWriter(key, Undated).Long(mark.Microseconds).Long(order.Value).Written;

    public static ReadOnlySpan<byte> OfMember(Span<byte> key, in WaitingPayout waiting) =>
        new PayoutKeyWriter(key, Member).Long(waiting.Merchant.Value).Code(waiting.Currency).Long(waiting.Mark.Microseconds).Long(waiting.Order.Value).Written;

    /// <summary>Of a group, under one of the kinds that have nothing but it.</summary>
    public static ReadOnlySpan<byte> OfGroup(Span<byte> key, byte kind, PayoutGroupId group) => new PayoutKeyWriter(key, kind).Long(group.Merchant.Value).Code(group.Currency).Written;

    public static ReadOnlySpan<byte> OfDeadline(Span<byte> key, UtcInstant latest, PayoutGroupId group) =>
        new PayoutKeyWriter(key, Deadline).Long(latest.Microseconds).Long(group.Merchant.Value).Code(group.Currency).Written;

    public static ReadOnlySpan<byte> OfSum(Span<byte> key, UtcInstant at, Currency currency) => new PayoutKeyWriter(key, Sum).Long(at.Microseconds).Code(currency).Written;

    /// <summary>The first key of a kind at a time or later.</summary>
    public static ReadOnlySpan<byte> From(Span<byte> key, byte kind, UtcInstant at) => new PayoutKeyWriter(key, kind).Long(at.Microseconds).Written;

    /// <summary>The order of a key that ends with one.</summary>
    public static OrderId OrderOf(ReadOnlySpan<byte> key) => new(LongAt(key, key.Length - sizeof(long)));

    /// <summary>The instant behind the kind.</summary>
    public static UtcInstant TimeOf(ReadOnlySpan<byte> key) => new(LongAt(key, 1));

    /// <summary>The group of a key that ends with one.</summary>
    public static PayoutGroupId GroupOf(ReadOnlySpan<byte> key) => new(new(LongAt(key, key.Length - CurrencySize - sizeof(long))), CurrencyOf(key));

    /// <summary>The currency of a key that ends with one.</summary>
    /// <exception cref="CorruptStateException">It is none.</exception>
    public static Currency CurrencyOf(ReadOnlySpan<byte> key) =>
        Currency.TryParse(key[^CurrencySize..], out var currency) ? currency : throw new CorruptStateException("a payout that waits has no known currency");

    static long LongAt(ReadOnlySpan<byte> key, int at) => BinaryPrimitives.ReadInt64BigEndian(key[at..]) ^ long.MinValue;
}
