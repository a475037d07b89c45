using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Delivery.Budgets;

/// <summary>The system's terms in one task's store (I11).</summary>
/// <remarks>
/// <code>
///  key   = 'T'
///  value = version(1)=2 | toldAtUs(8) | pausedUntilUs(nullable varint) | batchSize(varint) | configuredBatchSize(varint)
///          | rules(varint), each: limit(varint) | windowUs(nullable varint)
///          | allowances(varint), each: name(span, UTF-8) | left(signed varint) | untilUs(8)
///  version 3, of a degraded system: the same, then sinceUs(8) | reason(span, UTF-8) | away(1)
/// </code>
/// Instants but the first are the monotonic clock's, see <see cref="Calls.StoreClock"/>. Golden bytes: <c>TermsStoreTests</c>.
/// </remarks>
internal sealed class TermsStore(IKeyValueStore store)
{
    const byte Prefix = (byte)'T';
    const byte Version = 2;
    const byte VersionDegraded = 3;

    readonly ByteBuffer value = new();
    UtcInstant keptAt = UtcInstant.MinValue;

    /// <summary>Keeps them, unless there are none or later ones are kept already: answers come from many threads.</summary>
    internal void Keep(SystemTerms? terms)
    {
        if (terms is not null && terms.ToldAt > keptAt)
        {
            keptAt = terms.ToldAt;
            Put(terms);
        }
    }

    /// <summary>What was kept last; null where there is none.</summary>
    /// <exception cref="CorruptStateException">The bytes are no terms of ours.</exception>
    internal SystemTerms? Read()
    {
        var terms = store.TryGet([Prefix], out var bytes) ? Read(bytes) : null;
        keptAt = terms?.ToldAt ?? keptAt;
        return terms;
    }

    /// <summary>What was kept by another clock means the same by this one, which is ahead by <paramref name="shift"/>.</summary>
    internal void Move(TimeSpan shift)
    {
        if (Read() is { } terms)
        {
            Put(terms.Moved(shift));
        }
    }

    void Put(SystemTerms terms)
    {
        value.Clear();
        Write(terms, new ByteWriter(value));
        store.Put([Prefix], value.Written);
    }

    internal static void Write(SystemTerms terms, ByteWriter to)
    {
        to.Byte(terms.Degraded is null ? Version : VersionDegraded);
        to.Int64(terms.ToldAt.Microseconds);
        to.NullableVarInt64(terms.PausedUntil?.Microseconds);
        to.VarUInt64((ulong)terms.BatchSize);
        to.VarUInt64((ulong)terms.ConfiguredBatchSize);
        to.VarUInt64((ulong)terms.Rules.Count);
        foreach (var rule in terms.Rules)
        {
            to.VarUInt64((ulong)rule.Limit);
            to.NullableVarInt64(rule.Window?.Ticks / TimeSpan.TicksPerMicrosecond);
        }

        to.VarUInt64((ulong)terms.Allowances.Count);
        foreach (var one in terms.Allowances)
        {
            to.String(one.Name);
            to.VarInt64(one.Left);
            to.Int64(one.Until.Microseconds);
        }

        if (terms.Degraded is { } degraded)
        {
            to.Int64(degraded.Since.Microseconds);
            to.String(degraded.Reason);
            to.Bool(degraded.Away);
        }
    }

    internal static SystemTerms Read(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        var version = from.Byte();
        return version is not (Version or VersionDegraded)
            ? throw new CorruptStateException($"a system's terms have version {version}, this program knows versions {Version} and {VersionDegraded}")
            : new()
            {
                ToldAt = new(from.Int64()),
                PausedUntil = from.NullableVarInt64() is { } us ? new MonotonicInstant(us) : null,
                BatchSize = from.Count(),
                ConfiguredBatchSize = from.Count(),
                Rules = ReadRules(ref from),
                Allowances = ReadAllowances(ref from),
                Degraded = version == VersionDegraded ? new(new(from.Int64()), from.String(), from.Bool()) : null,
            };
    }

    static RateRule[] ReadRules(ref ByteReader from)
    {
        // One at a time: a count that is corrupt runs into the end of the bytes, not out of memory.
        var rules = new List<RateRule>();
        for (var left = from.Count(); left > 0; left--)
        {
            rules.Add(new((long)from.VarUInt64(), from.NullableVarInt64() is { } us ? TimeSpan.FromMicroseconds(us) : null));
        }

        return [.. rules];
    }

    static Allowance[] ReadAllowances(ref ByteReader from)
    {
        var allowances = new List<Allowance>();
        for (var left = from.Count(); left > 0; left--)
        {
            allowances.Add(new(from.String(), from.VarInt64(), new(from.Int64())));
        }

        return [.. allowances];
    }
}
