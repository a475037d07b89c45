using StreamSettle.Delivery.Budgets;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Groups;

/// <summary>A record of <c>downstream-budgets</c>: what one instance tells the others of a system. No instant of a machine's monotonic clock is in it: lengths are.</summary>
/// <remarks>
/// <code>
///  told    = 1 | terms (see TermsStore), their instants counted from when it was told
///  claimed = 2 | number(varint) | run(16) | no(varint)
///  over    = 3 | number(varint)
/// </code>
/// </remarks>
public abstract record GroupRecord : IBinary<GroupRecord>
{
    const byte ToldKind = 1;
    const byte ClaimedKind = 2;
    const byte OverKind = 3;
    const int GuidBytes = 16;

    static readonly MonotonicInstant Zero = new(0);

    GroupRecord()
    {
    }

    /// <summary>The system's terms, as an answer changed them.</summary>
    internal sealed record Told : GroupRecord
    {
        readonly SystemTerms sinceTold;

        Told(SystemTerms sinceTold) => this.sinceTold = sinceTold;

        /// <param name="now">By the clock of the terms' instants.</param>
        internal static Told At(SystemTerms terms, MonotonicInstant now) => new(terms.Moved(Zero - now));

        /// <summary>By the reader's clock: what was to last goes on as long from now on.</summary>
        internal SystemTerms From(MonotonicInstant now) => sinceTold.Moved(now - Zero);

        /// <summary>
        /// As <see cref="From"/>, of a record that was kept: less the time since, by the wall clocks of both, as far as they can be trusted: never longer than it was
        /// when it was told.
        /// </summary>
        internal SystemTerms Kept(MonotonicInstant now, UtcInstant wall) => sinceTold.Moved(now - Zero - (wall > sinceTold.ToldAt ? wall - sinceTold.ToldAt : TimeSpan.Zero));

        public override void Write(ByteWriter to)
        {
            to.Byte(ToldKind);
            TermsStore.Write(sinceTold, to);
        }

        internal static Told Of(ReadOnlySpan<byte> terms) => new(TermsStore.Read(terms));
    }

    /// <summary>A run wants a use of a turn: the first claim of it in the log has it.</summary>
    /// <param name="No">Of the run's claims.</param>
    internal sealed record Claimed(long Number, Guid Run, long No) : GroupRecord
    {
        public override void Write(ByteWriter to)
        {
            to.Byte(ClaimedKind);
            to.VarUInt64((ulong)Number);
            Span<byte> guid = stackalloc byte[GuidBytes];
            Run.TryWriteBytes(guid, bigEndian: true, out _);
            to.Raw(guid);
            to.VarUInt64((ulong)No);
        }
    }

    /// <summary>A use of a turn is over: the next may begin a window after this is read.</summary>
    internal sealed record Over(long Number) : GroupRecord
    {
        public override void Write(ByteWriter to)
        {
            to.Byte(OverKind);
            to.VarUInt64((ulong)Number);
        }
    }

    public abstract void Write(ByteWriter to);

    public static GroupRecord Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        return from.Byte() switch
        {
            ToldKind => Told.Of(from.Rest),
            ClaimedKind => new Claimed((long)from.VarUInt64(), new(from.Take(GuidBytes), bigEndian: true), (long)from.VarUInt64()),
            OverKind => new Over((long)from.VarUInt64()),
            var kind => throw new CorruptStateException($"a record of downstream-budgets has the kind {kind}"),
        };
    }
}
