using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Clock;

/// <summary>What the clock remembers of an order: a view of the store's bytes.</summary>
/// <remarks>
/// <code>
///  version(1)=6 | state(see PendingState) | books(see OrderBookkeeping) | seenBefore(1) | positioned(1) | position(see ChangePosition)
///  | mark - dueAt (varint, us) | forwarded(varint) | cause(nullable string) | hasDecidedIn(1) [decidedIn; see SourceTransaction] | row(rest; see OrderRow)
/// </code>
/// </remarks>
readonly ref struct OpenOrder
{
    const byte Version = 6;

    /// <summary>What its facts say, and the stages of which none tells.</summary>
    public PendingState State { get; init; }

    public OrderBookkeeping Books { get; init; }

    /// <summary>It may be one that was remembered once, settled and forgotten: only a person, and the event log, can say that it is new.</summary>
    public bool SeenBefore { get; init; }

    /// <summary>Of the last applied change that had one.</summary>
    public ChangePosition Position { get; init; }

    /// <summary>The last applied change had a position: else only offsets can say what came after it.</summary>
    public bool Positioned { get; init; }

    /// <summary>The mark by the last known row, recorded or not; the epoch before the first. Retention is measured from it.</summary>
    public UtcInstant Mark { get; init; }

    /// <summary>How many messages about the order settle was given: it names the number when it is done with the order, so that none crosses that.</summary>
    public long Forwarded { get; init; }

    /// <summary>What brought the last change, where it was no position of the source: a replay, or a record without one.</summary>
    public string? OtherCause { get; init; }

    /// <summary>
    /// The transaction in which the order was found to be none of ours, or one that may be forgotten. As long as it goes on that is
    /// decided anew: it was no more than the middle. Null where it is for good.
    /// </summary>
    public SourceTransaction? DecidedIn { get; init; }

    /// <summary>The last known row, encoded; empty once handed over or forgotten, and after a rebuild of the state until the source is read.</summary>
    public ReadOnlySpan<byte> RowBytes { get; init; }

    public PendingStage Stage => State.Stage;

    /// <summary>The last change as causes name it.</summary>
    public string Cause => OtherCause ?? Position.ToString();

    public PendingOrder Pending => new(Stage, State.Refusal, Books.KeyChanged, Books.InDoubt);

    /// <summary>
    /// The change that stands at <paramref name="offset"/> of the source's topic is news. One that is read as it comes stands after all others; one that is
    /// replayed may have been overtaken by what was read since, by its position, or by its place where one of both has no position.
    /// </summary>
    public bool IsNews(ChangePosition change, long offset) =>
        change.IsAfter(Position) && (offset >= Books.NextOffset || (change.HasLsn && Positioned));

    /// <summary>The same order after a change of it was read, before anything is decided.</summary>
    public OpenOrder After(in ReadChange read) => this with
    {
        Books = Books.Read(read.At.Offset, isAltered: read.Arrived || !read.RowBytes.SequenceEqual(RowBytes)) with { KeyChanged = Books.KeyChanged || read.Arrived },
        Position = read.Change.Position.Over(Position),
        Positioned = read.Change.Position.HasLsn,
        OtherCause = read.OtherCause,
        RowBytes = read.RowBytes,
    };

    /// <summary>Its row's; after a rebuild of the state, until the source is read, the one of its last mark.</summary>
    public MerchantId Merchant => RowBytes.IsEmpty ? State.Merchant : Row().Merchant;

    public OrderRow Row() => Rows.Read(RowBytes);

    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        State.Write(to);
        Books.Write(to);
        to.Bool(SeenBefore);
        to.Bool(Positioned);
        Position.Write(to);
        to.VarInt64(Mark.Microseconds - State.DueAt.Microseconds);
        to.VarInt64(Forwarded);
        to.NullableString(OtherCause);
        to.Bool(DecidedIn is not null);
        DecidedIn?.Write(to);
        to.Raw(RowBytes);
    }

    /// <exception cref="CorruptStateException">The bytes are no order of ours.</exception>
    public static OpenOrder Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"an open order has version {version}, this program knows {Version}");
        }

        var state = PendingState.Read(ref from);
        return new OpenOrder
        {
            State = state,
            Books = OrderBookkeeping.Read(ref from),
            SeenBefore = from.Bool(),
            Positioned = from.Bool(),
            Position = ChangePosition.Read(ref from),
            Mark = new(state.DueAt.Microseconds + from.VarInt64()),
            Forwarded = from.VarInt64(),
            OtherCause = from.NullableString(),
            DecidedIn = from.Bool() ? SourceTransaction.Read(ref from) : null,
            RowBytes = from.Rest,
        };
    }
}
