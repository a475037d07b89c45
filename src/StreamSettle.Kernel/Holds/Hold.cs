using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Kernel.Holds;

/// <summary>A person keeps something back: a value of the compacted topic <c>holds</c>, whose key is <see cref="Id"/> in UTF-8. It stays there for a while when it is over.</summary>
/// <param name="Id">Of the request that asked for it; unique.</param>
/// <param name="Reason">In the words of whoever asked.</param>
/// <param name="By">The name of the API key.</param>
/// <param name="Until">From when on it holds nothing any more; null until it is released.</param>
/// <remarks>
/// <code>version(1)=1 | id | scope(text) | reason | by | sinceUs(8) | untilUs(nullable varint) | released(1) [by | requestId | reason | atUs(8)]</code>
/// </remarks>
public sealed record Hold(string Id, HoldScope Scope, string Reason, string By, UtcInstant Since, UtcInstant? Until) : IBinary<Hold>
{
    const byte Version = 1;

    /// <summary>Null while nobody has released it.</summary>
    public HoldRelease? Release { get; init; }

    /// <summary>As causes in events name it.</summary>
    public string Cause => $"{By}@{Id}";

    /// <summary>It holds at an instant of the settlement's clock.</summary>
    public bool StandsAt(UtcInstant now) => Release is null && (Until is not { } until || now < until);

    /// <summary>When it was over; null where it is not at that instant.</summary>
    public UtcInstant? OverAt(UtcInstant now) => StandsAt(now) ? null : Release is { } release && (Until is not { } until || release.At < until) ? release.At : Until;

    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.String(Id);
        to.String(Scope.ToString());
        to.String(Reason);
        to.String(By);
        to.Int64(Since.Microseconds);
        to.NullableVarInt64(Until?.Microseconds);
        to.Bool(Release is not null);
        if (Release is { } release)
        {
            to.String(release.By);
            to.String(release.RequestId);
            to.String(release.Reason);
            to.Int64(release.At.Microseconds);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are no hold of ours.</exception>
    public static Hold Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"a hold has version {version}, this program knows {Version}");
        }

        var (id, text) = (from.String(), from.String());
        if (!HoldScope.TryParse(text, out var scope))
        {
            throw new CorruptStateException($"the hold '{id}' is on '{text}', which this program cannot hold");
        }

        return new(id, scope, from.String(), from.String(), new(from.Int64()), from.NullableVarInt64() is { } until ? new UtcInstant(until) : null)
        {
            Release = from.Bool() ? new(from.String(), from.String(), from.String(), new(from.Int64())) : null,
        };
    }
}

/// <summary>A person has let go.</summary>
/// <param name="By">The name of the API key.</param>
public sealed record HoldRelease(string By, string RequestId, string Reason, UtcInstant At);
