using System.Security.Cryptography;
using System.Text;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Proofs;

/// <summary>What was in the event log at an instant, in a few lines: whoever has kept one can tell later whether any of it was changed.</summary>
/// <remarks>
/// The statement is UTF-8 text, so that it can be read, printed and hashed by anything; each line ends in one line feed:
/// <code>
/// streamsettle seal 1
/// log 0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a01
/// number 2
/// events 4096
/// last-sequence 4100
/// head 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
/// sealed-at 2026-11-29T05:00:00Z
/// previous fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
/// key 2026-a
/// </code>
/// One of version 2 has the lines of <see cref="SealedBeside"/> behind the head. Golden bytes: <c>SealTests</c>.
/// </remarks>
public sealed record Seal
{
    /// <summary>The line of a statement of version 2 at which <see cref="SealedBeside"/> begins.</summary>
    const int BesideAt = 6;

    /// <summary>The log that feeds the event log.</summary>
    public required Guid Log { get; init; }

    /// <summary>From 1 on, without a gap.</summary>
    public required long Number { get; init; }

    /// <summary>Leaves of the tree: all events of the event log up to <see cref="LastSequence"/>, in the order of their sequence numbers.</summary>
    public required long Events { get; init; }

    /// <summary>Marten's sequence number of the last one.</summary>
    public required long LastSequence { get; init; }

    /// <summary>The tree's.</summary>
    public required TreeHash Head { get; init; }

    /// <summary>What stood beside the events; null in seals of version 1, which say nothing of it.</summary>
    public SealedBeside? Beside { get; init; }

    public required UtcInstant SealedAt { get; init; }

    /// <summary>The <see cref="Hash"/> of the seal before; 32 zero bytes in the first.</summary>
    public required TreeHash Previous { get; init; }

    /// <summary>The name of the key that it is signed by.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the statement.</summary>
    public TreeHash Hash => TreeHash.Read(SHA256.HashData(Statement()));

    /// <summary>The bytes that are signed.</summary>
    public byte[] Statement() => Encoding.UTF8.GetBytes(ToString());

    /// <summary>The statement's text.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"streamsettle seal {(Beside is null ? 1 : 2)}\nlog {Log:D}\nnumber {Number}\nevents {Events}\nlast-sequence {LastSequence}\nhead {Head}\n{Beside}sealed-at {SealedAt}\nprevious {Previous}\nkey {Key}\n");

    /// <summary>Reads what <see cref="ToString"/> writes, to the letter; null for anything else.</summary>
    public static Seal? Read(string statement)
    {
        string[] names = ["log", "number", "events", "last-sequence", "head", "sealed-at", "previous", "key"];
        var lines = statement.Split('\n').ToList();
        SealedBeside? beside = null;
        if (lines is ["streamsettle seal 2", ..] && lines.Count > BesideAt + SealedBeside.Lines)
        {
            beside = SealedBeside.Read($"{string.Join('\n', lines.GetRange(BesideAt, SealedBeside.Lines))}\n");
            lines.RemoveRange(BesideAt, SealedBeside.Lines);
        }

        if (lines.Count != names.Length + 2 || names.Where((name, at) => !lines[at + 1].StartsWith($"{name} ", StringComparison.Ordinal)).Any())
        {
            return null;
        }

        var values = names.Select((name, at) => lines[at + 1][(name.Length + 1)..]).ToArray();
        if (!Guid.TryParseExact(values[0], "D", out var log) || !Whole(values[1], out var number) || !Whole(values[2], out var events) || !Whole(values[3], out var last)
            || TreeHash.Parse(values[4]) is not { } head || !UtcInstant.TryParse(values[5], out var sealedAt) || TreeHash.Parse(values[6]) is not { } previous)
        {
            return null;
        }

        var seal = new Seal { Log = log, Number = number, Events = events, LastSequence = last, Head = head, Beside = beside, SealedAt = sealedAt, Previous = previous, Key = values[7] };
        return seal.ToString() == statement ? seal : null;
    }

    /// <summary>Why this one cannot be the next after <paramref name="before"/>; null when it can.</summary>
    /// <param name="before">Null where this is to be the first.</param>
    public string? ProblemAfter(Seal? before)
    {
        var (number, previous) = (before?.Number ?? 0, before?.Hash ?? default);
        return Number != number + 1 ? $"seal {number + 1} is missing: after {number} comes {Number}"
            : before is not null && Log != before.Log ? $"seal {Number} is of the log {Log}, seal {number} of {before.Log}"
            : Previous != previous ? $"seal {Number} does not follow on seal {number} as that stands: it names {Previous}, but that is {previous}"
            : before is { Beside: { } kept } && Beside?.GoesOn(kept) is not true ? $"seal {Number} says less of what stands beside the events than seal {number} did"
            : !GoesBeyond(before) ? $"seal {Number} has nothing beyond seal {number}"
            : before is not null && SealedAt < before.SealedAt ? $"seal {Number} was made at {SealedAt}, before seal {number}"
            : null;
    }

    /// <summary>Events or shreddings that an earlier seal has not: more than what notaries have done since.</summary>
    public bool HasMoreThan(Seal earlier) => Events > earlier.Events || (Beside?.Shreddings ?? 0) > (earlier.Beside?.Shreddings ?? 0);

    /// <summary>By events, or without any by what stands beside them.</summary>
    bool GoesBeyond(Seal? before) => (Events > (before?.Events ?? 0) && LastSequence > (before?.LastSequence ?? 0))
        || (before is not null && (Events, LastSequence, Head) == (before.Events, before.LastSequence, before.Head) && Beside != before.Beside);

    static bool Whole(string text, out long value) => long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out value);
}
